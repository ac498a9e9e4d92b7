/** Aborts at the first Ctrl-C or SIGTERM, so that a run ends in order; the second one ends it at once. */
export function endOnSignal(say: (line: string) => void): AbortSignal {
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopped.signal.aborted) process.exit(1);
      say('ending after this one; once more to end at once');
      stopped.abort();
    });
  }
  return stopped.signal;
}
