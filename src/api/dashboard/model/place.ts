/** Where in the page somebody is; it stands in the address behind `#`, so that it can be kept and sent to others. */
export type Place =
  | { view: 'sessions' }
  | { view: 'session'; id: string }
  | { view: 'log' }
  | { view: 'webhooks' }
  | { view: 'fleet' };

/** The place that an address names; the list of sessions when it names none. */
export function placeOf(hash: string): Place {
  const [view, id] = hash.replace(/^#\/?/, '').split('/');
  if (view === 'sessions' && id) return { view: 'session', id };
  if (view === 'log' || view === 'webhooks' || view === 'fleet') return { view };
  return { view: 'sessions' };
}

/** What stands in the address for a session. Ids have only letters, digits, `_` and `-`. */
export function addressOf(sessionId: string): string {
  return `#/sessions/${sessionId}`;
}
