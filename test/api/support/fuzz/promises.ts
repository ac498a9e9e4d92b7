import { expect } from '@jest/globals';
import { z } from 'zod';
import type { FuzzRequest } from './fuzz-request.js';
import type { PlainAnswer } from './plain-http.js';

const sessionSchema = z.looseObject({ id: z.string(), label: z.string().nullable() });
const sessionsSchema = z.object({ items: z.array(sessionSchema) });
const messageSchema = z.looseObject({ id: z.string(), body: z.string(), idempotencyKey: z.string().nullable() });
const messagesSchema = z.object({ items: z.array(messageSchema), next: z.string().optional() });
const keySchema = z.looseObject({ id: z.string(), name: z.string() });
const keysSchema = z.object({ items: z.array(keySchema) });
const textSchema = z.looseObject({ text: z.string() });

interface Promised {
  label: string | null;
  /** Texts by id, in order of acceptance; null where the request does not tell. */
  messages: Map<string, string | null>;
}

type Read = (path: string) => Promise<unknown>;

interface ShownSession {
  label: string | null;
  /** Ids and texts, as listed. */
  messages: [string, string][];
}

/** What the lists show: sessions, and the names of keys by their ids. */
export interface Shown {
  sessions: Map<string, ShownSession>;
  keys: Map<string, string>;
}

export async function shown(read: Read): Promise<Shown> {
  const sessions: Shown['sessions'] = new Map();
  for (const { id, label } of sessionsSchema.parse(await read('/api/sessions')).items) {
    const messages: [string, string][] = [];
    let after: string | undefined = '0';
    while (after !== undefined) {
      const page: z.infer<typeof messagesSchema> = messagesSchema.parse(
        await read(`/api/sessions/${id}/messages?limit=500&after=${after}`),
      );
      messages.push(...page.items.map((message): [string, string] => [message.id, message.body]));
      after = page.next;
    }
    sessions.set(id, { label, messages });
  }
  const keys = keysSchema.parse(await read('/api/keys')).items.map(({ id, name }): [string, string] => [id, name]);
  return { sessions, keys: new Map(keys) };
}

/** What answers of success have promised so far. */
export class Promises {
  readonly #sessions = new Map<string, Promised>();
  readonly #keys: Map<string, string>;

  /** @param keys that are there from the beginning. */
  constructor({ keys }: Pick<Shown, 'keys'>) {
    this.#keys = new Map(keys);
  }

  /** Takes note of one call that is over; calls must not overlap. */
  note({ method, path, json }: FuzzRequest, { status, text, headers }: PlainAnswer): void {
    if (status < 200 || status >= 300 || method === 'HEAD') return;
    const { pathname } = new URL(path, 'http://localhost');
    const [, , list, id = '', what, messageId] = (headers.location ?? pathname).split('/').map(decodeURIComponent);
    if (list === 'keys' && method === 'DELETE') this.#keys.delete(id);
    if (list === 'keys' && method === 'POST') {
      const key = keySchema.parse(JSON.parse(text));
      this.#keys.set(key.id, key.name);
    }
    if (list !== 'sessions') return;
    if (method === 'DELETE' && what === undefined) this.#sessions.delete(id);
    if (status === 201 || method === 'PATCH') {
      const session = sessionSchema.parse(JSON.parse(text));
      const messages = this.#sessions.get(session.id)?.messages ?? new Map();
      this.#sessions.set(session.id, { label: session.label, messages });
    }
    if (method === 'POST' && what === 'messages' && messageId !== undefined) {
      const messages = this.#sessions.get(id)?.messages;
      if (!messages?.has(messageId)) messages?.set(messageId, textSchema.safeParse(json).data?.text ?? null);
    }
  }

  /** Holds the promises against what the lists show. */
  compare({ sessions, keys }: Shown): void {
    expect([...keys].sort()).toEqual([...this.#keys].sort());
    expect([...sessions.keys()].sort()).toEqual([...this.#sessions.keys()].sort());
    for (const [id, { label, messages }] of this.#sessions) {
      expect([id, sessions.get(id)?.label]).toEqual([id, label]);
      const told = sessions.get(id)?.messages ?? [];
      expect(told.map(([messageId, body]) => [messageId, messages.get(messageId) === null ? null : body])).toEqual([
        ...messages,
      ]);
    }
  }
}
