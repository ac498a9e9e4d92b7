import { mkdir } from 'node:fs/promises';
import type { Config } from '../../config.js';
import type { ProbeObservation } from '../../domain/health.js';
import type { IncomingMessage } from '../../domain/message.js';
import {
  type ChatSummary,
  ClientError,
  type Clock,
  type ContactSummary,
  type FoundMessage,
  type LaunchSpec,
  type Logger,
  type SendReceipt,
  type SendRefusal,
  type WhatsAppClient,
} from '../../domain/ports.js';
import type { ClientEvent } from '../../domain/session-event.js';
import type { Launch } from '../chromium/launch-options.js';
import { endProcessGroup } from '../chromium/process-group.js';
import { type BrowserProcess, startBrowser } from './browser-process.js';
import { Calls } from './calls.js';
import { abortError, withDeadline } from './deadline.js';
import { createDeferred } from './deferred.js';
import { eventsOfState } from './event-map.js';
import { clientError, wordsOf } from './failure.js';
import { Inbound } from './inbound.js';
import { loadWhatsAppWeb, type OpenPage, openPage } from './open-page.js';
import { NOTHING_THERE, probe } from './probe.js';

export interface ClientSessionDeps {
  config: Pick<Config, 'deadlines' | 'health' | 'messages'>;
  logger: Logger;
  clock: Clock;
  /** Decides how the browser of a launch is started; throws ClientError when there is none. */
  launch: (spec: LaunchSpec) => Launch;
}

type Running = OpenPage & { calls: Calls };

const STARTING = 'Starting WhatsApp Web';
const FREE_PAGE_MS = 1000;
const LOGGED_OUT_MS = 10_000;
/** Broken calls come a moment before the exit that explains them. */
const EXIT_GRACE_MS = 200;

/** One launch of one session: a browser of ours, WhatsApp Web in it, and whatsapp-web.js in that. */
export class ClientSession implements WhatsAppClient {
  readonly #spec: LaunchSpec;
  readonly #deps: ClientSessionDeps;
  /** Aborts what runs when the browser is to end. */
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  readonly #inbound: Inbound;
  readonly #loggedOut = createDeferred<void>();
  /** Rejects when the browser or the page dies while it starts: then nobody needs an event. */
  readonly #deathAtStart = createDeferred<never>();
  #spawning: Promise<BrowserProcess> | null = null;
  #process: BrowserProcess | null = null;
  #startedAt = 0;
  #running: Running | null = null;
  #probing: Promise<ProbeObservation> | null = null;
  #ending: Promise<void> | null = null;
  #opened = false;
  #exited = false;
  #deathTold = false;
  #crashed = false;

  constructor(spec: LaunchSpec, deps: ClientSessionDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#inbound = new Inbound({
      onMessage: (message) => this.#tell(() => spec.onMessage(message)),
      onAck: (waMessageId, ack) => this.#tell(() => spec.onAck(waMessageId, ack)),
      resolveSender: async (message) => this.#running?.calls.resolveSender(message) ?? message,
      ignored: (doing, error) => this.#ignored(doing, error),
    });
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#spawning !== null) throw new Error('A client is started once; make a new one for the next launch.');
    const either = this.#withClose(signal);
    try {
      await withDeadline(Promise.race([this.#open(either), this.#deathAtStart.promise]), {
        timeoutMs: this.#deps.config.deadlines.launchMs,
        signal: either,
        reason: 'init_timeout',
        doing: STARTING,
      });
      this.#opened = true;
    } catch (error) {
      const failure = either.aborted ? abortError(either, STARTING) : await this.#explain(error);
      await this.close('kill');
      throw failure;
    }
  }

  close(mode: 'graceful' | 'kill'): Promise<void> {
    this.#closing.abort();
    if (mode === 'kill') this.#hurry.abort();
    this.#running?.client.silence();
    this.#ending ??= this.#end();
    return this.#ending;
  }

  browser(): { pid: number; startedAt: number } | null {
    return this.#process === null || this.#exited ? null : { pid: this.#process.pid, startedAt: this.#startedAt };
  }

  probe(): Promise<ProbeObservation> {
    const running = this.#running;
    if (running === null || this.#exited) return Promise.resolve(NOTHING_THERE);
    if (this.#probing !== null) return this.#probing;
    const { pageSession, browserSession } = running;
    const timeoutMs = this.#deps.config.health.probeTimeoutMs;
    this.#probing = probe({ page: pageSession, browser: browserSession, timeoutMs }).finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  async reload(signal: AbortSignal): Promise<void> {
    const running = this.#require();
    const timeoutMs = this.#deps.config.deadlines.reloadMs;
    // An endless loop in the page would hold up the navigation, too.
    await running.pageSession
      .send('Runtime.terminateExecution', undefined, { timeout: FREE_PAGE_MS })
      .catch((error: unknown) => this.#ignored('freeing the page', error));
    if (this.#crashed) running.client.abandonPage();
    this.#crashed = false;
    await withDeadline(Promise.race([loadWhatsAppWeb(running, timeoutMs), this.#loggedOut.promise]), {
      timeoutMs,
      signal: this.#withClose(signal),
      reason: 'init_timeout',
      doing: 'Loading WhatsApp Web again',
    });
  }

  async logout(signal: AbortSignal): Promise<void> {
    await this.#require().calls.logout(this.#withClose(signal));
    await withDeadline(this.#loggedOut.promise, {
      timeoutMs: LOGGED_OUT_MS,
      signal: this.#withClose(signal),
      reason: 'page_hung',
      doing: 'Unlinking the device',
    });
  }

  async reconnectSocket(signal: AbortSignal): Promise<void> {
    return this.#require().calls.reconnectSocket(this.#withClose(signal));
  }

  async requestPairingCode(phoneNumber: string, signal: AbortSignal): Promise<string> {
    return this.#require().calls.requestPairingCode(phoneNumber, this.#withClose(signal));
  }

  async sendText(to: string, text: string, signal: AbortSignal): Promise<SendReceipt | SendRefusal> {
    return this.#require().calls.sendText(to, text, this.#withClose(signal));
  }

  async ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]> {
    return this.#require().calls.ownMessagesSince(chatId, sinceMs, this.#withClose(signal));
  }

  async incomingSince(sinceMs: number, signal: AbortSignal): Promise<IncomingMessage[]> {
    return this.#require().calls.incomingSince(sinceMs, this.#withClose(signal));
  }

  async screenshot(signal: AbortSignal): Promise<Buffer> {
    return this.#require().calls.screenshot(this.#withClose(signal));
  }

  async chats(signal: AbortSignal): Promise<ChatSummary[]> {
    return this.#require().calls.chats(this.#withClose(signal));
  }

  async contact(phoneNumber: string, signal: AbortSignal): Promise<ContactSummary> {
    return this.#require().calls.contact(phoneNumber, this.#withClose(signal));
  }

  async #open(signal: AbortSignal): Promise<void> {
    const { options, sandbox, proxyAuthentication } = this.#deps.launch(this.#spec);
    if (signal.aborted) throw abortError(signal, STARTING);
    const process = await this.#spawn(options);
    if (!sandbox) this.#log('warn', 'client.sandbox_off', 'runs without the sandbox of Chromium');
    this.#log('info', 'client.launched', `browser ${process.pid} runs`, { pid: process.pid });
    this.#emit({ type: 'launched', pid: process.pid });

    const { launchMs } = this.#deps.config.deadlines;
    const open = await openPage(process, { proxyAuthentication, versionTimeoutMs: launchMs, hooks: this.#hooks() });
    if (signal.aborted) throw abortError(signal, STARTING);
    const { client, page } = open;
    client.on('qr', (text) => this.#emit({ type: 'qr', text }));
    client.on('authenticated', () => this.#emit({ type: 'authenticated' }));
    client.on('auth_failure', () => this.#emit({ type: 'auth-failed' }));
    client.on('loading_screen', (percent) => this.#emit({ type: 'progress', percent: Number(percent) || 0 }));
    this.#inbound.attach(client);
    const reportedAck = (waMessageId: string) => this.#inbound.ackOf(waMessageId);
    const { sendTimeoutMs } = this.#deps.config.messages;
    this.#running = { ...open, calls: new Calls({ client, page, sendTimeoutMs, reportedAck }) };
    // Unlinked while we were away: the page leaves for the login page, and nothing more will be injected.
    await Promise.race([loadWhatsAppWeb(open, launchMs), this.#loggedOut.promise]);
  }

  async #spawn(options: Launch['options']): Promise<BrowserProcess> {
    // Known before it is there, so that a close at this moment waits for the process and ends it.
    this.#spawning = mkdir(this.#spec.profileDir, { recursive: true, mode: 0o700 }).then(() => startBrowser(options));
    const process = await this.#spawning;
    this.#process = process;
    this.#startedAt = this.#deps.clock.now();
    process.exited
      .then((exit) => {
        this.#exited = true;
        if (this.#opened) this.#onDeath();
        else this.#deathAtStart.reject(process.failure(exit));
      })
      .catch((error: unknown) => this.#ignored('noting the exit', error));
    return process;
  }

  #hooks(): Parameters<typeof openPage>[1]['hooks'] {
    return {
      disconnected: () => this.#onDeath(),
      crashed: (error) => this.#onCrash(error),
      navigated: (url) => {
        if (!this.#opened || url.includes('post_logout=1')) return;
        this.#log('info', 'client.navigated', 'WhatsApp Web loads its page again');
        this.#emit({ type: 'navigated' });
      },
      socketState: (state) => {
        for (const event of eventsOfState(state)) this.#emit(event);
      },
      injected: () => this.#log('info', 'client.injected', 'whatsapp-web.js is in the page'),
      ready: (phoneNumber, webVersion) => this.#emit({ type: 'ready', phoneNumber, webVersion }),
      loggedOut: () => {
        this.#emit({ type: 'logged-out' });
        this.#loggedOut.resolve();
      },
      ignored: (doing, error) => this.#ignored(doing, error),
    };
  }

  #onDeath(): void {
    if (!this.#opened || this.#deathTold) return;
    this.#deathTold = true;
    this.#emit({ type: 'browser-exited' });
  }

  #onCrash(error: unknown): void {
    if (this.#crashed || this.#deathTold) return;
    this.#crashed = true;
    if (this.#opened) this.#emit({ type: 'page-crashed' });
    else this.#deathAtStart.reject(new ClientError('page_crashed', wordsOf(error), { cause: error }));
  }

  async #explain(error: unknown): Promise<ClientError> {
    const known = clientError(error, 'init_timeout', STARTING);
    const process = this.#process;
    if (process === null || known.reason !== 'browser_crashed') return known;
    const patience = new Promise<null>((resolve) => setTimeout(resolve, EXIT_GRACE_MS, null));
    const exit = await Promise.race([process.exited, patience]);
    return exit === null ? known : process.failure(exit);
  }

  async #end(): Promise<void> {
    const process = await this.#spawning?.catch(() => null);
    if (process === null || process === undefined) return;
    const { clock, config } = this.#deps;
    const { closeMs, terminateMs } = config.deadlines;
    const hurry = this.#hurry.signal;
    if (this.#running !== null && !this.#exited && !hurry.aborted) {
      // Asks the browser and does not wait for its answer: what counts is that it ends.
      this.#running.browser.close().catch((error: unknown) => this.#ignored('closing the browser', error));
      const limits = {
        timeoutMs: closeMs,
        signal: hurry,
        reason: 'browser_hung',
        doing: 'Closing the browser',
      } as const;
      await withDeadline(process.exited, limits).catch((error: unknown) => this.#ignored('closing the browser', error));
    }
    await endProcessGroup(process.pid, { clock, terminateMs, hurry });
    await process.exited;
    this.#log('info', 'client.closed', 'the browser has ended', { pid: process.pid });
  }

  #withClose(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #require(): Running {
    if (this.#running !== null && !this.#exited && !this.#closing.signal.aborted) return this.#running;
    throw new ClientError('browser_crashed', 'This session has no running browser.');
  }

  #emit(event: ClientEvent): void {
    this.#tell(() => this.#spec.onEvent(event));
  }

  /** After close nothing is told any more, and a listener that throws is its own problem. */
  #tell(deliver: () => void): void {
    if (this.#closing.signal.aborted) return;
    try {
      deliver();
    } catch (error) {
      this.#ignored('telling of an event', error);
    }
  }

  #log(level: 'info' | 'warn', event: string, message: string, fields: { pid?: number } = {}): void {
    const { sessionId } = this.#spec;
    this.#deps.logger[level](event, `${sessionId}: ${message}`, { sessionId, ...fields });
  }

  #ignored(doing: string, error: unknown): void {
    const { sessionId } = this.#spec;
    this.#deps.logger.debug('client.ignored', `${sessionId}: ${doing} failed: ${wordsOf(error)}`, { sessionId });
  }
}
