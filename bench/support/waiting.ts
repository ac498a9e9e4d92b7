const LOOK_EVERY_MS = 100;

/** Resolves after `delayMs`. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

/** Looks until `look` gives something other than null or false; null when that has not happened within `withinMs`. */
export async function eventually<T>(
  withinMs: number,
  look: () => Promise<T | null | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T | null> {
  const giveUpAt = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > giveUpAt) return null;
    await pause(everyMs);
  }
}

/** The same where anything else is an error of the run itself. */
export async function mustHappen<T>(
  what: string,
  withinMs: number,
  look: () => Promise<T | null | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T> {
  const found = await eventually(withinMs, look, everyMs);
  if (found === null) throw new Error(`${what}: did not happen within ${Math.round(withinMs / 1000)} s`);
  return found;
}
