/** A time in which something is left alone; milliseconds since 1970. */
export interface Wait {
  readonly since: number;
  readonly until: number;
}

export const NO_WAIT: Wait = { since: 0, until: 0 };

/**
 * When a wait is over; 0 when nothing is to be waited for. One that would begin only later was set under a clock that
 * somebody has set back since: it would hold for as long as the clock was wrong.
 */
export function endOfWait({ since, until }: Wait, now: number): number {
  return since <= now && now < until ? until : 0;
}
