import { z } from 'zod';
import { CliFailure, EXIT } from './cli-failure.js';

/** Longer than anything that the service waits for: a launch, or `Prefer: wait=60`. */
const ANSWER_LIMIT_MS = 180_000;

const problemSchema = z.object({ title: z.string(), detail: z.string(), code: z.string() });

interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
  /** Left out parts are not sent. */
  query?: Readonly<Record<string, string | number | undefined>>;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A running service, spoken to over HTTP. Rejects with CliFailure when it refuses or cannot be reached. */
export interface ServiceClient {
  readonly url: string;
  /** The answer as JSON, null when it has no body. */
  json(method: Method, path: string, ask?: Ask): Promise<unknown>;
  bytes(path: string, accept: string): Promise<Buffer>;
}

/** Throws CliFailure when the address or the key cannot be one. The key is never part of a message. */
export function createServiceClient(address: string, key: string | null): ServiceClient {
  const url = requireWebAddress(address);
  if (key !== null && !/^[\x21-\x7e]+$/.test(key)) {
    throw new CliFailure(
      EXIT.usage,
      'The API key was expected to be letters, digits and signs of ASCII without spaces.',
    );
  }

  async function ask(method: Method, path: string, { body, headers, query }: Ask): Promise<Response> {
    const response = await fetch(`${url}${path}${queryOf(query)}`, {
      method,
      // Followed, a redirect would take the key along or turn a POST into a GET.
      redirect: 'manual',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    }).catch((cause: unknown) => {
      throw new CliFailure(EXIT.unreachable, notReachable(url, cause), { cause });
    });
    if (!response.ok) throw await refusal(url, response, key);
    return response;
  }

  return {
    url,
    async json(method, path, options = {}) {
      const response = await ask(method, path, {
        ...options,
        headers: { accept: 'application/json', ...options.headers },
      });
      const text = await response.text();
      if (text === '') return null;
      return parsed(text) ?? fail(url, response.status);
    },
    async bytes(path, accept) {
      const response = await ask('GET', path, { headers: { accept } });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function requireWebAddress(text: string): string {
  const isWeb = URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
  if (isWeb && new URL(text).username === '' && new URL(text).password === '') return text.replace(/\/+$/, '');
  throw new CliFailure(
    EXIT.usage,
    'The address (--url, WAKEFUL_URL) was expected to begin with http:// or https:// and to hold no login.',
  );
}

function queryOf(query: Ask['query'] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}

function notReachable(url: string, cause: unknown): string {
  if (cause instanceof Error && cause.name === 'TimeoutError')
    return `${url} does not answer. Look at the log of the service.`;
  // The error of `fetch` says only that it failed; what its cause is.
  const code = z.object({ cause: z.object({ code: z.string() }) }).safeParse(cause).data?.cause.code ?? String(cause);
  return `Nothing answers at ${url} (${code}). Start the service with "npx wakeful start", or name another address with --url or WAKEFUL_URL.`;
}

async function refusal(url: string, response: Response, key: string | null): Promise<CliFailure> {
  const text = await response.text().catch(() => '');
  const document = parsed(text);
  const problem = problemSchema.safeParse(document).data;
  if (problem === undefined) return fail(url, response.status);
  const { title, detail, code } = problem;
  const advice =
    key === null ? 'Name the API key in WAKEFUL_API_KEY or with --key.' : 'Look at WAKEFUL_API_KEY or --key.';
  // Several may run here: a key is wrong only for the one that was asked.
  const words = code === 'unauthorized' ? `${url} does not know it. ${advice}` : detail;
  return new CliFailure(EXIT.refused, `${title}. ${words} (${code})`, { problem: document });
}

function fail(url: string, status: number): never {
  const words = `What answers at ${url} (with ${status}) does not speak like Wakeful. Look at --url or WAKEFUL_URL.`;
  throw new CliFailure(EXIT.unreachable, words);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
