import { abortError, withDeadline } from './deadline.js';
import { clientError } from './failure.js';

/** Runs a call into the page within its own deadline; whatever it fails with is a ClientError. */
export async function call<T>(
  doing: string,
  timeoutMs: number,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    if (signal.aborted) throw abortError(signal, doing, 'page_hung');
    return await withDeadline(work(), { timeoutMs, signal, reason: 'page_hung', doing });
  } catch (error) {
    throw clientError(error, 'socket_lost', doing);
  }
}
