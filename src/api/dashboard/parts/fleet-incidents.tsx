import type { IncidentView } from '../contract.js';
import { addressOf } from '../model/place.js';
import { durationWords } from '../model/time-words.js';
import { Age, localTime } from './clock.js';
import { ToneIcon } from './status-mark.js';

function Incident({ kind, message, openedAt, closedAt, sessionIds }: IncidentView) {
  const tone = closedAt === null ? 'asks' : 'good';
  return (
    <li>
      <span class={`mark ${tone}`}>
        <ToneIcon tone={tone} />
        {closedAt === null ? 'Open' : 'Over'}
      </span>
      <div>
        <p>{message}</p>
        <p class="quiet">
          {kind.replace('_', ' ')} · {localTime(openedAt)} ·{' '}
          {closedAt === null ? (
            <>
              for <Age since={openedAt} />
            </>
          ) : (
            `lasted ${durationWords(Date.parse(closedAt) - Date.parse(openedAt))}`
          )}
        </p>
        <details>
          <summary>{sessionIds.length === 1 ? '1 number' : `${sessionIds.length} numbers`}</summary>
          <p class="incident-sessions">
            {sessionIds.map((sessionId) => (
              <a key={sessionId} href={addressOf(sessionId)}>
                {sessionId}
              </a>
            ))}
          </p>
        </details>
      </div>
    </li>
  );
}

/** Incidents, newest first, those that are open marked. */
export function FleetIncidents({ incidents, isRead }: { incidents: readonly IncidentView[]; isRead: boolean }) {
  return (
    <section class="card" aria-labelledby="incidents-title">
      <h2 id="incidents-title">Incidents</h2>
      {isRead && incidents.length === 0 && <p class="quiet">There were none: no trouble that many numbers shared.</p>}
      <ul class="incident-list">
        {incidents.map((incident) => (
          <Incident key={incident.id} {...incident} />
        ))}
      </ul>
    </section>
  );
}
