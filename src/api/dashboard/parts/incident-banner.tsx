import { useLive } from '../service/context.js';
import { Age } from './clock.js';

/** What many sessions suffer from right now. */
export function IncidentBanner() {
  const incidents = useLive((state) => state.incidents);
  return (
    <div role="alert" class="incidents">
      {incidents.map(({ id, message, sessionIds, openedAt }) => (
        <p key={id} class="incident">
          <strong>Incident, {sessionIds.length === 1 ? '1 number' : `${sessionIds.length} numbers`}:</strong> {message}{' '}
          <span class="quiet">
            for <Age since={openedAt} />
          </span>{' '}
          <a href="#/fleet">All incidents</a>
        </p>
      ))}
    </div>
  );
}
