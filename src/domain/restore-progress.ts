/** How far the sessions are that a start of the service brings back. */
export interface RestoreProgress {
  connected: number;
  /** All that were to be brought back. */
  of: number;
  /** Until nobody is on the way any more, at the pace so far; null while that is not known. */
  remainingMs: number | null;
}

/** Fewer give no pace: the first ones come before it is busy. */
const LEAST_FOR_A_PACE = 2;

/** `underWay`: those that are neither connected nor at rest yet, after `elapsedMs`. */
export function restoreProgress(
  counts: { connected: number; of: number; underWay: number },
  elapsedMs: number,
): RestoreProgress {
  const { connected, of, underWay } = counts;
  const done = of - underWay;
  const pace = done < LEAST_FOR_A_PACE ? null : elapsedMs / done;
  return { connected, of, remainingMs: underWay === 0 ? 0 : pace && Math.round(pace * underWay) };
}

/** As people read it: `12 of 40 connected, about 50 s`. */
export function progressWords({ connected, of, remainingMs }: RestoreProgress): string {
  const far = `${connected} of ${of} connected`;
  if (remainingMs === 0) return far;
  return remainingMs === null ? far : `${far}, about ${inWords(remainingMs)}`;
}

/** No more exact than a guess is. */
function inWords(ms: number): string {
  const seconds = Math.max(5, Math.ceil(ms / 5000) * 5);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
