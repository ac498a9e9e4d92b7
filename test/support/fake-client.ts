import type { ProbeObservation } from '../../src/domain/health.js';
import type { Answer } from '../../src/domain/heartbeat.js';
import { type OutgoingMessage, wordsOf } from '../../src/domain/message-content.js';
import {
  type BrowserSight,
  type ChatSummary,
  ClientError,
  type Clock,
  type ContactSummary,
  type FoundMessage,
  type LaunchSpec,
  type MissedNews,
  type SendReceipt,
  type SendRefusal,
  type TakeBytes,
  type WhatsAppClient,
} from '../../src/domain/ports.js';
import type { ClientEvent } from '../../src/domain/session-event.js';
import type { FakeWhatsApp } from './fake-whatsapp.js';

/** How an operation goes: an error that it fails with, or that it hangs until it is aborted or let go on. */
export type Plan = 'works' | 'hangs' | Error;

/**
 * What becomes of a send: `lost` and `interrupted` both throw, but the second after the message reached the chat, and
 * `forgotten` after it reached WhatsApp, while the chat shows nothing of it. `refused` is what the server says.
 */
export type SendPlan =
  | 'works'
  | 'acked'
  | 'lost'
  | 'interrupted'
  | 'forgotten'
  | 'hangs'
  | 'hangs in chat'
  | 'refused'
  | SendRefusal;

export const HEALTHY: ProbeObservation = {
  pageAnswered: true,
  browserAnswered: true,
  voided: false,
  socketState: 'CONNECTED',
  injected: true,
  latencyMs: 3,
};

interface World {
  whatsapp: FakeWhatsApp;
  clock: Clock;
  /** The process that this browser would have. */
  pid: number;
  /** Keeps a breach of the contract, for the test to see. */
  breach: (what: string) => void;
}

/** One browser that is not there: does what the test plans, and notes whoever breaks the contract of a client. */
export class FakeClient implements WhatsAppClient {
  readonly spec: LaunchSpec;
  /** Every call, in order. */
  readonly calls: string[] = [];
  networkIsUp = true;
  /** What comes of a question to WhatsApp's server. */
  answer: Answer = 'answered';
  life: 'new' | 'starting' | 'running' | 'closing' | 'closed' = 'new';
  startPlan: Plan = 'works';
  closePlan: Plan = 'works';
  reloadPlan: Plan = 'works';
  socketPlan: Plan = 'works';
  networkPlan: Plan = 'works';
  logoutPlan: Plan = 'works';
  searchPlan: Plan = 'works';
  catchUpPlan: Plan = 'works';
  downloadPlan: Plan = 'works';
  nextSend: (text: string) => SendPlan = () => 'works';
  /** Whether a send can be given its id. */
  takesIds = true;
  /** Everything that was handed over, in order. */
  readonly sent: OutgoingMessage[] = [];
  static #ids = 0;
  nextProbe: () => ProbeObservation | Promise<ProbeObservation> = () => HEALTHY;
  readonly #world: World;
  readonly #held = new Set<() => void>();
  #startedAt = 0;
  #closing: Promise<void> | null = null;
  #running: readonly { name: string; chat: string | null }[] = [];

  constructor(spec: LaunchSpec, world: World) {
    this.spec = spec;
    this.#world = world;
  }

  /** A browser process may live. */
  get isLive(): boolean {
    return this.life !== 'new' && this.life !== 'closed';
  }

  /** Reports, also from the grave: whoever listens must know better. */
  tell(...events: ClientEvent[]): void {
    for (const event of events) this.spec.onEvent(event);
  }

  ready(): void {
    this.tell({ type: 'ready', phoneNumber: '491600000000', webVersion: '2.3000.1' });
  }

  /** Lets everything that hangs go on. */
  letGo(): void {
    for (const go of [...this.#held]) go();
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.life !== 'new') this.#world.breach(`start of a client that is ${this.life}`);
    this.life = 'starting';
    this.#startedAt = this.#world.clock.now();
    try {
      await this.#alone('start', () => this.#go(this.startPlan, signal));
      this.life = 'running';
    } catch (error) {
      // As the contract says: a start that failed has ended what it began.
      if (this.life === 'starting') this.life = 'closed';
      throw error;
    }
  }

  close(mode: 'graceful' | 'kill'): Promise<void> {
    this.calls.push(`close ${mode}`);
    if (this.#running[0]) this.#world.breach(`close while ${this.#running[0].name} runs`);
    this.#closing ??= this.#end();
    return this.#closing;
  }

  browser(): BrowserSight | null {
    return this.isLive ? { pid: this.#world.pid, startedAt: this.#startedAt, engine: 'headless-shell' } : null;
  }

  library(): object | null {
    return this.isLive ? this : null;
  }

  async probe(): Promise<ProbeObservation> {
    this.calls.push('probe');
    return await this.nextProbe();
  }

  async askWhatsApp(): Promise<Answer> {
    this.calls.push('ask');
    return this.answer;
  }

  async reconnectSocket(signal: AbortSignal): Promise<void> {
    await this.#alone('reconnectSocket', () => this.#go(this.socketPlan, signal));
  }

  async takeOver(signal: AbortSignal): Promise<void> {
    await this.#alone('takeOver', () => this.#go(this.socketPlan, signal));
  }

  reachesWhatsApp(signal: AbortSignal): Promise<boolean> {
    return this.#alone('reachesWhatsApp', async () => {
      await this.#go(this.networkPlan, signal);
      return this.networkIsUp;
    });
  }

  async reload(signal: AbortSignal): Promise<void> {
    await this.#alone('reload', () => this.#go(this.reloadPlan, signal));
  }

  async logout(signal: AbortSignal): Promise<void> {
    await this.#alone('logout', () => this.#go(this.logoutPlan, signal));
    this.calls.push('logged out');
  }

  async requestPairingCode(phoneNumber: string): Promise<string> {
    if (phoneNumber === '0') throw new ClientError('page_hung', 'WhatsApp gave no code');
    return 'ABCD-1234';
  }

  async newMessageId(): Promise<string | null> {
    const other = this.#running.find(({ chat }) => chat === null);
    if (other) this.#world.breach(`newMessageId while ${other.name} runs`);
    if (!this.takesIds) return null;
    FakeClient.#ids += 1;
    return `3EB0${FakeClient.#ids}`;
  }

  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendReceipt | SendRefusal> {
    const { whatsapp, clock } = this.#world;
    const words = wordsOf(message.content);
    this.sent.push(message);
    const post = async () => {
      const plan = this.nextSend(words);
      if (typeof plan === 'object') return plan;
      if (plan === 'lost') throw new ClientError('page_crashed', 'the page went away before it had the message');
      if (plan === 'hangs') await this.#go('hangs', signal);
      const posted = whatsapp.post(message, clock.now());
      if (plan === 'forgotten') posted.forgotten = true;
      if (plan === 'interrupted' || plan === 'forgotten')
        throw new Error('the page went away after it had the message');
      if (plan === 'hangs in chat') await this.#go('hangs', signal);
      if (plan === 'acked') this.#acknowledge(posted.waMessageId, 1);
      if (plan === 'refused') this.#acknowledge(posted.waMessageId, -1);
      return { waMessageId: posted.waMessageId, ack: 0 };
    };
    return this.#alone(`send ${words}`, post, message.to);
  }

  /** WhatsApp's server says that it has the message. */
  ack(text: string, ack = 1): void {
    const { sent } = this.#world.whatsapp;
    for (const message of [...sent]) {
      if (message.words === text && message.ack !== -1) this.#acknowledge(message.waMessageId, ack);
    }
  }

  ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]> {
    return this.#alone('search', async () => {
      await this.#go(this.searchPlan, signal);
      return this.#world.whatsapp.sent.filter(
        (message) => message.chatId === chatId && message.timestamp >= sinceMs - 1000 && !message.forgotten,
      );
    });
  }

  async incomingSince(sinceMs: number, signal: AbortSignal): Promise<MissedNews> {
    this.calls.push(`incomingSince ${sinceMs}`);
    await this.#go(this.catchUpPlan, signal);
    const { received, news } = this.#world.whatsapp;
    return { messages: received.filter(({ timestamp }) => timestamp >= sinceMs), news };
  }

  async downloadMedia(waMessageId: string, maxBytes: number, take: TakeBytes, signal: AbortSignal) {
    this.calls.push(`download ${waMessageId}`);
    await this.#go(this.downloadPlan, signal);
    const file = this.#world.whatsapp.files.get(waMessageId) ?? 'media_unavailable';
    if (typeof file === 'string') return file;
    if (file.length > maxBytes) return 'media_too_large' as const;
    await take(file);
    return null;
  }

  async screenshot(): Promise<Buffer> {
    return Buffer.from('PNG');
  }

  async chats(): Promise<ChatSummary[]> {
    throw new Error('chats are not part of this fake');
  }

  async contact(phoneNumber: string): Promise<ContactSummary> {
    return { phoneNumber, registered: false, id: null, name: null };
  }

  #acknowledge(waMessageId: string, ack: number): void {
    const message = this.#world.whatsapp.sent.find((candidate) => candidate.waMessageId === waMessageId);
    if (message) message.ack = ack === -1 ? ack : Math.max(message.ack, ack);
    this.spec.onAck(waMessageId, ack);
  }

  async #end(): Promise<void> {
    if (this.life === 'new' || this.life === 'closed') {
      this.life = 'closed';
      return;
    }
    this.life = 'closing';
    try {
      await this.#go(this.closePlan, null);
    } finally {
      this.life = 'closed';
    }
  }

  /** The lane promises that no two of these overlap, but for sends to several chats. */
  async #alone<T>(name: string, operation: () => Promise<T>, chat: string | null = null): Promise<T> {
    this.calls.push(name);
    const others = this.#running.filter((one) => chat === null || one.chat === null || one.chat === chat);
    if (others[0]) this.#world.breach(`${name} while ${others[0].name} runs`);
    if (name !== 'start' && this.life !== 'running') throw new ClientError('browser_crashed', `it is ${this.life}`);
    this.#running = [...this.#running, { name, chat }];
    try {
      return await operation();
    } finally {
      this.#running = this.#running.filter((one) => one.name !== name || one.chat !== chat);
    }
  }

  #go(plan: Plan, signal: AbortSignal | null): Promise<void> {
    if (plan instanceof Error) return Promise.reject(plan);
    if (signal?.aborted) return Promise.reject(new ClientError('init_timeout', 'aborted'));
    if (plan === 'works') return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#held.add(resolve);
      signal?.addEventListener('abort', () => reject(new ClientError('init_timeout', 'aborted')), { once: true });
    });
  }
}
