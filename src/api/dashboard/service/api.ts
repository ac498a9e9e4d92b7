import type {
  Delivery,
  FleetStats,
  IncidentView,
  Me,
  MemoryPoint,
  QrView,
  Receiver,
  SentMessage,
  SessionView,
} from '../contract.js';
import type { TimelineItem } from '../model/timeline-item.js';

interface Page<T> {
  items: T[];
  next?: string;
}

/** A refusal: `code` of the error catalogue, or `unreachable` when no answer came; the message is for people. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

/** The words of whatever went wrong. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Lists that only grow are read to their end, this many at a time. */
const PAGE = 500;

/** The service over HTTP, with one key. Every call rejects with an ApiError. */
export class Api {
  readonly key: string;

  constructor(key: string) {
    this.key = key;
  }

  me(): Promise<Me> {
    return this.#json('GET', '/api/me');
  }
  stats(): Promise<FleetStats> {
    return this.#json('GET', '/api/stats');
  }
  async incidents(open: boolean): Promise<IncidentView[]> {
    const query = open ? '?open=true&limit=100' : '?limit=50';
    return (await this.#json<Page<IncidentView>>('GET', `/api/incidents${query}`)).items;
  }
  create(settings: { id: string; label?: string }): Promise<SessionView> {
    return this.#json('POST', '/api/sessions', settings);
  }
  remove(id: string): Promise<void> {
    return this.#json('DELETE', `/api/sessions/${id}`);
  }
  act(
    id: string,
    verb: 'connect' | 'disconnect' | 'force-reconnect' | 'logout',
    body: object = {},
  ): Promise<SessionView> {
    return this.#json('POST', `/api/sessions/${id}/${verb}`, body);
  }
  qr(id: string): Promise<QrView> {
    return this.#json('GET', `/api/sessions/${id}/qr`);
  }
  async pairingCode(id: string, phoneNumber: string): Promise<string> {
    return (await this.#json<{ code: string }>('POST', `/api/sessions/${id}/pairing-code`, { phoneNumber })).code;
  }
  /** The whole timeline, oldest first, or its last `keep` entries. */
  timeline(id: string, keep: number): Promise<TimelineItem[]> {
    return this.#last(`/api/sessions/${id}/events?`, keep);
  }
  async memory(id: string): Promise<MemoryPoint[]> {
    return (await this.#json<Page<MemoryPoint>>('GET', `/api/sessions/${id}/memory`)).items;
  }
  /** The messages sent last, oldest first. */
  outbox(id: string, keep: number): Promise<SentMessage[]> {
    return this.#last(`/api/sessions/${id}/messages?`, keep);
  }
  send(id: string, message: { to: string; text: string }): Promise<{ id: string }> {
    return this.#json('POST', `/api/sessions/${id}/messages`, message);
  }
  message(id: string, messageId: string): Promise<SentMessage> {
    return this.#json('GET', `/api/sessions/${id}/messages/${messageId}`);
  }
  cancelMessage(id: string, messageId: string): Promise<SentMessage> {
    return this.#json('DELETE', `/api/sessions/${id}/messages/${messageId}`);
  }
  async receivers(): Promise<Receiver[]> {
    return (await this.#json<Page<Receiver>>('GET', '/api/webhooks')).items;
  }
  holdUp(endpoint: string, what: 'pause' | 'resume'): Promise<Receiver> {
    return this.#json('POST', `/api/webhooks/${encodeURIComponent(endpoint)}/${what}`, {});
  }
  deadLetters(): Promise<Delivery[]> {
    return this.#last('/api/webhooks/deliveries?status=dead&', 500);
  }
  redeliver(id: string): Promise<unknown> {
    return this.#json('POST', `/api/webhooks/deliveries/${id}/redeliver`, {});
  }
  /** A picture that only a key gets; give its address back with `URL.revokeObjectURL`. */
  async picture(path: string, type: string): Promise<string> {
    const response = await this.#ask('GET', path, undefined, type);
    return URL.createObjectURL(await response.blob());
  }

  async #last<T>(path: string, keep: number): Promise<T[]> {
    let items: T[] = [];
    for (let after = '0'; ; ) {
      const page = await this.#json<Page<T>>('GET', `${path}after=${after}&limit=${PAGE}`);
      items = [...items, ...page.items].slice(-keep);
      if (page.next === undefined) return items;
      after = page.next;
    }
  }

  /** What comes fits its type: the page and the service that answers are one package. */
  async #json<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.#ask(method, path, body, 'application/json');
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  async #ask(method: string, path: string, body: object | undefined, accept: string): Promise<Response> {
    const response = await fetch(path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        accept,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw new ApiError('unreachable', 0, `The service does not answer (${errorWords(error)}). Is it running?`);
    });
    if (response.ok) return response;
    const problem = (await response.json().catch(() => ({}))) as {
      code?: string;
      detail?: string;
      errors?: { message: string }[];
    };
    const why = problem.errors?.map(({ message }) => message).join('; ');
    const words = [problem.detail ?? `The service answered ${response.status}.`, why].filter(Boolean).join(' ');
    throw new ApiError(problem.code ?? 'unknown', response.status, words);
  }
}
