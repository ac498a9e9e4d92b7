import { useLive } from '../service/context.js';
import { Age } from './clock.js';
import { ToneIcon } from './status-mark.js';

/** What many sessions suffer from right now. */
export function IncidentBanner() {
  const incidents = useLive((state) => state.incidents);
  return (
    <div role="alert" class="incidents">
      {incidents.map(({ id, message, sessionIds, openedAt }) => (
        <p key={id} class="incident asks">
          <ToneIcon tone="asks" />
          <span>
            <strong>Incident, {sessionIds.length === 1 ? '1 number' : `${sessionIds.length} numbers`}:</strong>{' '}
            {message}{' '}
            <span class="quiet">
              For <Age since={openedAt} />.
            </span>
          </span>
          <a class="incident-more" href="#/fleet">
            All incidents
          </a>
        </p>
      ))}
    </div>
  );
}
