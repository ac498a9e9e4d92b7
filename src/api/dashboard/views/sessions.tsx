import { useMemo, useState } from 'preact/hooks';
import { filterSessions, type Shown } from '../model/session-filter.js';
import { AddNumber } from '../parts/add-number.js';
import { SessionRow } from '../parts/session-row.js';
import { ShareBar } from '../parts/share-bar.js';
import { StatusCounts } from '../parts/status-counts.js';
import { useLive, useMayAct, useSeesAll } from '../service/context.js';

/** All numbers at a glance. */
export function SessionsView() {
  const sessions = useLive((state) => state.sessions);
  const seesAll = useSeesAll();
  const mayAdd = useMayAct() && seesAll;
  const [shown, setShown] = useState<Shown>('all');
  const [search, setSearch] = useState('');
  const [isAdding, setIsAdding] = useState(false);
  const rows = useMemo(
    () => (sessions === null ? [] : filterSessions(sessions.values(), { shown, search })),
    [sessions, shown, search],
  );

  return (
    <>
      <div class="title">
        <h1>Numbers</h1>
        {sessions !== null && sessions.size > 0 && (
          <label class="field search">
            <span class="only-read-out">Search by id, label or phone number</span>
            <input
              type="search"
              name="search"
              placeholder="Search id, label, number"
              value={search}
              onInput={(event) => setSearch(event.currentTarget.value)}
            />
          </label>
        )}
        {mayAdd && (
          <button type="button" class="primary" onClick={() => setIsAdding(true)}>
            Add a number
          </button>
        )}
      </div>
      {sessions !== null && sessions.size > 0 && (
        <div class="filters">
          <ShareBar sessions={sessions} />
          <StatusCounts sessions={sessions} shown={shown} onShow={setShown} />
        </div>
      )}
      {sessions === null && <p class="quiet">Loading…</p>}
      {sessions?.size === 0 && (
        <p class="empty">
          There are no numbers yet.{' '}
          {mayAdd ? 'Add one: you need its phone to scan a QR code.' : 'An operator can add one.'}
        </p>
      )}
      {sessions !== null && sessions.size > 0 && rows.length === 0 && <p class="empty">No number fits the filter.</p>}
      <ul class="sessions" aria-label="Numbers">
        {rows.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {isAdding && <AddNumber onClose={() => setIsAdding(false)} />}
    </>
  );
}
