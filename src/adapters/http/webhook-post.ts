import { request } from 'undici';
import type { PostWebhook } from '../../domain/ports.js';
import { createGuardedAgent } from './guarded-agent.js';

/** Enough to end small answers well, so that the connection can be used again; a larger one is cut off. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Why no answer came, in words that hold nothing of the URL but its host. */
function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Of a name with several addresses, each failed; the whole has no words of its own.
  if ('errors' in error && Array.isArray(error.errors)) return wordsOf(error.errors[0]);
  return 'message' in error ? String(error.message) : String(error);
}

/** Calls webhooks over HTTP; `allowPrivate: false` keeps also trusted ones from private addresses. */
export function createWebhookPost({ allowPrivate }: { allowPrivate: boolean }): {
  post: PostWebhook;
  close(): Promise<void>;
} {
  const open = createGuardedAgent({ allowPrivate: false });
  const trusting = createGuardedAgent({ allowPrivate });
  return {
    async post({ url, headers, body, timeoutMs, trusted, signal: hangUp }) {
      const startedAt = performance.now();
      const elapsed = () => Math.round(performance.now() - startedAt);
      // Not AbortSignal.any: what hangs up lives as long as the process, and would keep a trace of every call.
      const ending = new AbortController();
      const { signal } = ending;
      const end = () => ending.abort();
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        end();
      }, timeoutMs);
      hangUp.addEventListener('abort', end, { once: true });
      try {
        hangUp.throwIfAborted();
        const dispatcher = trusted ? trusting : open;
        const answer = await request(url, { dispatcher, method: 'POST', headers, body, signal });
        const latencyMs = elapsed();
        // Status and headers are all that counts: what goes wrong after it changes nothing.
        await answer.body.dump({ limit: MAX_ANSWER_BYTES, signal }).catch(() => undefined);
        const retryAfter = answer.headers['retry-after'];
        const asked = typeof retryAfter === 'string' ? { retryAfter } : {};
        return { kind: 'answered', status: answer.statusCode, latencyMs, ...asked };
      } catch (error) {
        const words = timedOut ? `No answer within ${timeoutMs} ms` : wordsOf(error);
        return { kind: 'unanswered', error: words, latencyMs: elapsed() };
      } finally {
        clearTimeout(timer);
        hangUp.removeEventListener('abort', end);
      }
    },
    async close() {
      await Promise.all([open.destroy(), trusting.destroy()]);
    },
  };
}
