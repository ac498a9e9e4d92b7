import { ClientError } from '../../domain/ports.js';
import type { Reason } from '../../domain/reason.js';

interface Limits {
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Reason when the time has passed. */
  reason: Reason;
  /** What is being done, for the message: "Sending a text". */
  doing: string;
}

/** The error that an aborted signal asks for: a deadline of the caller (`late`), or somebody who no longer wants it. */
export function abortError(signal: AbortSignal, doing: string, late: Reason): ClientError {
  const cause: unknown = signal.reason;
  if (cause instanceof ClientError) return cause;
  const timedOut = typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
  return new ClientError(
    timedOut ? late : 'stopped_by_operator',
    timedOut ? `${doing} did not finish in time.` : `${doing} was called off.`,
    { cause },
  );
}

/**
 * Waits for work no longer than its limits. A page that hangs answers only after minutes or never: what it says then is
 * dropped, and its rejection counts as handled.
 */
export function withDeadline<T>(work: Promise<T>, { timeoutMs, signal, reason, doing }: Limits): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new ClientError(reason, `${doing} took longer than ${timeoutMs} ms.`))),
      timeoutMs,
    );
    const onAbort = () => settle(() => signal && reject(abortError(signal, doing, reason)));
    function settle(finish: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    }
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) onAbort();
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}
