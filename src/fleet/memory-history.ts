const KEPT_MS = 24 * 60 * 60_000;

/** Memory of a session's browser with all its processes at a time (epoch, milliseconds); null while none ran. */
export interface MemorySample {
  at: number;
  bytes: number | null;
}

/** What the browser of each session took during the last day. Not stored: a restart of the service begins anew. */
export class MemoryHistory {
  readonly #samples = new Map<string, MemorySample[]>();

  /** Of one session without a browser only the first moment is kept. */
  add(sessionId: string, { at, bytes }: MemorySample): void {
    const samples = this.#samples.get(sessionId) ?? [];
    this.#samples.set(sessionId, samples);
    while (samples[0] !== undefined && at - samples[0].at > KEPT_MS) samples.shift();
    // A clock that was set back leaves them in the future: they would stay for as long as it was wrong.
    while ((samples.at(-1)?.at ?? at) > at) samples.pop();
    if (bytes === null && (samples.at(-1)?.bytes ?? null) === null) return;
    samples.push({ at, bytes });
  }

  /** Oldest first. */
  of(sessionId: string): readonly MemorySample[] {
    return this.#samples.get(sessionId) ?? [];
  }

  forget(sessionId: string): void {
    this.#samples.delete(sessionId);
  }
}
