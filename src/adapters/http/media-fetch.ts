import { type Dispatcher, request } from 'undici';
import type { FetchedMedia, FetchMedia } from '../../domain/ports.js';
import { AddressRefusedError, createGuardedAgent } from './guarded-agent.js';

interface MediaFetchOptions {
  /** Whether trusted URLs may lead to private addresses; the others never may. */
  allowPrivate: boolean;
  maxBytes: number;
  /** For the whole of one try, redirects and download included. */
  timeoutMs: number;
}

const MAX_REDIRECTS = 5;
/** Statuses after which a later try may go better. */
const PASSING = [408, 425, 429, 500, 502, 503, 504];

const headerOf = ({ headers }: Dispatcher.ResponseData, name: string): string | null => {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
};

/** Asks for the URL, and goes where it is sent on to: every hop is held to the same rules of addresses by the agent. */
async function follow(url: string, dispatcher: Dispatcher, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  let here = new URL(url);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const answer = await request(here, { dispatcher, signal, headers: { accept: '*/*' } });
    const next = headerOf(answer, 'location');
    if (answer.statusCode < 300 || answer.statusCode >= 400 || next === null) return answer;
    await answer.body.dump({ limit: 64 * 1024, signal }).catch(() => undefined);
    here = new URL(next, here);
    if (!/^https?:$/.test(here.protocol)) throw new Error(`it sends on to ${here.protocol}`);
  }
  throw new Error(`it sends on more than ${MAX_REDIRECTS} times`);
}

/** Fetches media over HTTP. What it says of a failure names the host only: the rest of a URL may be a secret. */
export function createMediaFetch({ allowPrivate, maxBytes, timeoutMs }: MediaFetchOptions): {
  fetchMedia: FetchMedia;
  close(): Promise<void>;
} {
  const open = createGuardedAgent({ allowPrivate: false });
  const trusting = createGuardedAgent({ allowPrivate });

  async function load(url: string, trusted: boolean, signal: AbortSignal): Promise<FetchedMedia> {
    const { host } = new URL(url);
    const unreachable = (why: string, retry: boolean): FetchedMedia => {
      return { failed: 'media_unreachable', detail: `The media of ${host} could not be fetched: ${why}`, retry };
    };
    const answer = await follow(url, trusted ? trusting : open, signal);
    // A body that we cut off says so in an event, and without a listener that would end the process.
    answer.body.on('error', () => undefined);
    const tooLarge = (): FetchedMedia => {
      answer.body.destroy();
      const detail = `The media of ${host} is larger than ${maxBytes} bytes`;
      return { failed: 'media_too_large', detail, retry: false };
    };
    if (answer.statusCode !== 200) {
      answer.body.destroy();
      return unreachable(`it answered with status ${answer.statusCode}`, PASSING.includes(answer.statusCode));
    }
    if (Number(headerOf(answer, 'content-length') ?? 0) > maxBytes) return tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) return tooLarge();
      chunks.push(chunk);
    }
    if (length === 0) return unreachable('it is empty', false);
    return { bytes: Buffer.concat(chunks), mimeType: headerOf(answer, 'content-type') };
  }

  return {
    async fetchMedia({ url, trusted }, hangUp) {
      try {
        return await load(url, trusted, AbortSignal.any([hangUp, AbortSignal.timeout(timeoutMs)]));
      } catch (error) {
        hangUp.throwIfAborted();
        const words = error instanceof Error ? error.message : String(error);
        const detail = `The media of ${new URL(url).host} could not be fetched: ${words}`;
        return { failed: 'media_unreachable', detail, retry: !(error instanceof AddressRefusedError) };
      }
    },
    async close() {
      await Promise.all([open.destroy(), trusting.destroy()]);
    },
  };
}
