import { request } from 'undici';

/** What the runner reads of a session; the whole of it is in the HTTP contract. */
export interface SessionView {
  readonly id: string;
  readonly status: string;
  readonly reason: string;
  readonly userAction: string;
  readonly attempt: number;
  readonly browser: { readonly pid: number } | null;
}

/** One entry of a session's timeline. */
export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly event: string;
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A message of the outbox or the inbox, as listed. */
export interface ListedMessage {
  readonly id: string;
  readonly body: string;
  /** The rest: of ours only. */
  readonly status?: string;
  /** Why it was not sent, or why nobody can tell. */
  readonly code?: string | null;
  readonly waMessageId?: string | null;
}

export interface MessagePage {
  readonly items: readonly ListedMessage[];
  readonly next?: string;
}

/** A refusal by the service, with its code; 0 stands for no answer at all. */
export class ServiceRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ServiceRefusal';
    this.status = status;
  }
}

/** A stopped service answers nothing: nobody waits for it longer. */
const CALL_MS = 15_000;

/** The HTTP API, as any other program would use it. */
export class ServiceApi {
  readonly #url: string;
  readonly #apiKey: string;
  readonly #connection: string;

  /** `keepAlive`: as most programs do; without it no idle connection of ours is an open file of the service's. */
  constructor(url: string, apiKey: string, { keepAlive } = { keepAlive: false }) {
    this.#url = url;
    this.#apiKey = apiKey;
    this.#connection = keepAlive ? 'keep-alive' : 'close';
  }

  /** Rejects with a ServiceRefusal for everything but a 2xx answer. */
  async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const text = await this.#answer(method, path, body, { accept: 'application/json', ...headers });
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A page that is not JSON. */
  text(path: string): Promise<string> {
    return this.#answer('GET', path, undefined, {});
  }

  session(id: string): Promise<SessionView> {
    return this.call('GET', `/api/sessions/${id}`);
  }

  async sessions(): Promise<readonly SessionView[]> {
    return (await this.call<{ items: SessionView[] }>('GET', '/api/sessions')).items;
  }

  connect(id: string): Promise<SessionView> {
    return this.call('POST', `/api/sessions/${id}/connect`, {});
  }

  disconnect(id: string): Promise<SessionView> {
    return this.call('POST', `/api/sessions/${id}/disconnect`, {});
  }

  /** Entries behind `after`, oldest first. */
  async timeline(id: string, after: number): Promise<readonly TimelineEntry[]> {
    const entries: TimelineEntry[] = [];
    for (let from = String(after); ; ) {
      const path = `/api/sessions/${id}/events?limit=500&after=${from}`;
      const { items, next } = await this.call<{ items: TimelineEntry[]; next?: string }>('GET', path);
      entries.push(...items);
      if (next === undefined) return entries;
      from = next;
    }
  }

  messages(id: string, direction: 'sent' | 'received', after: string): Promise<MessagePage> {
    return this.call('GET', `/api/sessions/${id}/messages?direction=${direction}&limit=500&after=${after}`);
  }

  /** Everything that was accepted, or what of it has this status; oldest first. */
  async outbox(id: string, status?: string): Promise<readonly ListedMessage[]> {
    const filter = status === undefined ? '' : `&status=${status}`;
    const found: ListedMessage[] = [];
    for (let from = '0'; ; ) {
      const path = `/api/sessions/${id}/messages?direction=sent&limit=500&after=${from}${filter}`;
      const { items, next } = await this.call<MessagePage>('GET', path);
      found.push(...items);
      if (next === undefined) return found;
      from = next;
    }
  }

  /** Rejects with a ServiceRefusal when the message was not accepted. */
  send(id: string, message: { to: string; text: string; key: string }): Promise<{ id: string; status: string }> {
    const { to, text, key } = message;
    return this.call('POST', `/api/sessions/${id}/messages`, { to, text }, { 'idempotency-key': key });
  }

  async #answer(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<string> {
    const noAnswer = (error: unknown) => {
      throw new ServiceRefusal(0, `${method} ${path}: ${String(error)}`);
    };
    // Not fetch, which takes half a millisecond of its own.
    const response = await request(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        connection: this.#connection,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      headersTimeout: CALL_MS,
      bodyTimeout: CALL_MS,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(noAnswer);
    const text = await response.body.text().catch(noAnswer);
    if (response.statusCode >= 300) {
      throw new ServiceRefusal(response.statusCode, `${method} ${path}: ${response.statusCode} ${text}`);
    }
    return text;
  }
}
