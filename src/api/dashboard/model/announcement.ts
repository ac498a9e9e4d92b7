import type { Status } from '../../../domain/session-state.js';
import type { SessionView } from '../contract.js';
import { STATUS_LOOK } from './status-look.js';

const MOST_NAMED = 3;

/** What changed since the statuses were told last, in words short enough to be read out; empty when nothing did. */
export function newsForEars(told: ReadonlyMap<string, Status>, now: ReadonlyMap<string, SessionView>): string {
  const changed = [...now.values()].filter(({ id, status }) => told.get(id) !== status);
  if (changed.length <= MOST_NAMED) {
    return changed.map(({ id, label, status }) => `${label ?? id}: ${STATUS_LOOK[status].word}.`).join(' ');
  }
  const counts = new Map<string, number>();
  for (const { status } of changed) {
    const { word } = STATUS_LOOK[status];
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`);
  return `${changed.length} numbers changed: ${parts.join(', ')}.`;
}
