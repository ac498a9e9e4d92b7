import type { Status } from '../../../domain/session-state.js';
import type { SessionView } from '../contract.js';
import { STATUS_LOOK, type Tone } from './status-look.js';

/** The colour of a session: one at rest that waits for a person asks, too. */
export function toneOf({ status, userAction }: Pick<SessionView, 'status' | 'userAction'>): Tone {
  const { tone } = STATUS_LOOK[status];
  return tone === 'off' && userAction !== 'none' ? 'asks' : tone;
}

/** Which sessions are shown: all, those that wait for a person, or those of a status. */
export type Shown = 'all' | 'waiting' | Status;

function isShown({ status, userAction }: SessionView, shown: Shown): boolean {
  if (shown === 'all') return true;
  return shown === 'waiting' ? userAction !== 'none' : status === shown;
}

/**
 * The sessions that are to be shown, and in whose id, label or number every word of the search stands. Those that wait for
 * a person stand on top; apart from that by id, so that no row jumps about while numbers come and go.
 */
export function filterSessions(
  sessions: Iterable<SessionView>,
  { shown, search }: { shown: Shown; search: string },
): SessionView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return [...sessions]
    .filter((session) => {
      if (!isShown(session, shown)) return false;
      const text = `${session.id} ${session.label ?? ''} ${session.phoneNumber ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word.replace(/^\+/, '')));
    })
    .sort((a, b) => Number(b.userAction !== 'none') - Number(a.userAction !== 'none') || compareIds(a.id, b.id));
}

const { compare: compareIds } = new Intl.Collator('en', { numeric: true });

/** How many sessions there are of each status, in the order in which they are shown; those of none are left out. */
export function countStatuses(sessions: Iterable<SessionView>): { status: Status; count: number }[] {
  const counts = new Map<Status, number>();
  for (const { status } of sessions) counts.set(status, (counts.get(status) ?? 0) + 1);
  return (Object.keys(STATUS_LOOK) as Status[]).flatMap((status) => {
    const count = counts.get(status) ?? 0;
    return count === 0 ? [] : [{ status, count }];
  });
}

/** How many sessions wait for a person. */
export function countWaiting(sessions: Iterable<SessionView>): number {
  return [...sessions].filter(({ userAction }) => userAction !== 'none').length;
}
