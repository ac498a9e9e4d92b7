import type { ProbeObservation } from '../../domain/health.js';
import type { Answer } from '../../domain/heartbeat.js';
import type { OutgoingMessage } from '../../domain/message-content.js';
import {
  type BrowserSight,
  type ChatSummary,
  ClientError,
  type ContactSummary,
  type FoundMessage,
  type LaunchSpec,
  type MissedNews,
  type SendReceipt,
  type SendRefusal,
  type WhatsAppClient,
} from '../../domain/ports.js';
import { type BrowserProcess, startBrowser } from './browser-process.js';
import { Calls } from './calls.js';
import type { ClientDeps, ClientLaunch } from './client-deps.js';
import { toldBy } from './client-hooks.js';
import { type ClientInbound, createInbound } from './client-inbound.js';
import { abortError, withDeadline } from './deadline.js';
import { createDeferred } from './deferred.js';
import { endBrowser } from './end-browser.js';
import { forwardEvents } from './event-map.js';
import { clientError, wordsOf } from './failure.js';
import { Handovers } from './handovers.js';
import { Narrator } from './narrator.js';
import { freePage, loadWhatsAppWeb, type OpenPage, openPage } from './open-page.js';
import { NOTHING_THERE, probe } from './probe.js';
import { STARTING, startFailure } from './start-failure.js';

type Running = OpenPage & { calls: Calls; handovers: Handovers };

const LOGGED_OUT_MS = 10_000;

/** One launch of one session: a browser of ours, WhatsApp Web in it, and whatsapp-web.js in that. */
export class ClientSession implements WhatsAppClient {
  readonly #spec: LaunchSpec;
  readonly #deps: ClientDeps;
  /** Aborts what runs when the browser is to end. */
  readonly #closing = new AbortController();
  readonly #hurry = new AbortController();
  readonly #narrator: Narrator;
  readonly #inbound: ClientInbound;
  readonly #loggedOut = createDeferred<void>();
  /** Rejects when the browser or the page dies while it starts: then nobody needs an event. */
  readonly #deathAtStart = createDeferred<never>();
  #spawning: Promise<BrowserProcess> | null = null;
  #process: BrowserProcess | null = null;
  #startedAt = 0;
  #launch: ClientLaunch | null = null;
  #running: Running | null = null;
  #probing: Promise<ProbeObservation> | null = null;
  #ending: Promise<void> | null = null;
  #opened = false;
  #exited = false;
  #deathTold = false;
  #crashed = false;

  constructor(spec: LaunchSpec, deps: ClientDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#narrator = new Narrator(spec, deps.logger);
    this.#inbound = createInbound(this.#narrator, {
      known: spec.phoneOf,
      ask: async (lid) => this.#running?.calls.phoneOf(lid) ?? null,
      now: () => deps.clock.now(),
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
      this.#narrator.silence(); // What gets ready only now is closed all the same.
      const known = { process: this.#process, page: this.#running, launchMs: this.#deps.config.deadlines.launchMs };
      const failure = await startFailure(error, { signal: either, ...known });
      // Not by force: the profile may hold a login, and a killed browser loses its last seconds.
      await this.close('graceful');
      throw failure;
    }
  }

  close(mode: 'graceful' | 'kill'): Promise<void> {
    this.#narrator.silence();
    this.#closing.abort();
    if (mode === 'kill') this.#hurry.abort();
    this.#running?.client.silence();
    this.#ending ??= this.#end();
    return this.#ending;
  }

  browser(): BrowserSight | null {
    const [process, launch] = [this.#process, this.#launch];
    if (!process || !launch || this.#exited) return null;
    return { pid: process.pid, startedAt: this.#startedAt, engine: launch.browser.engine };
  }

  library(): object | null {
    return this.#running?.client ?? null;
  }

  probe(): Promise<ProbeObservation> {
    const [process, running] = [this.#process, this.#running];
    if (process === null || running === null || this.#exited) return Promise.resolve(NOTHING_THERE);
    if (this.#probing !== null) return this.#probing;
    const { pageSession: page, browserSession: browser } = running;
    const timeoutMs = this.#deps.config.health.probeTimeoutMs;
    this.#probing = probe({ pid: process.pid, page, browser, timeoutMs }).finally(() => {
      this.#probing = null;
    });
    return this.#probing;
  }

  async askWhatsApp(signal: AbortSignal): Promise<Answer> {
    return this.#require().calls.askWhatsApp(this.#withClose(signal));
  }

  async reload(signal: AbortSignal): Promise<void> {
    const running = this.#require();
    const timeoutMs = this.#deps.config.deadlines.reloadMs;
    if (this.#crashed) {
      running.client.abandonPage();
      this.#crashed = false;
    } else {
      await freePage(running.pageSession);
    }
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

  async takeOver(signal: AbortSignal): Promise<void> {
    return this.#require().calls.takeOver(this.#withClose(signal));
  }

  async reachesWhatsApp(signal: AbortSignal): Promise<boolean> {
    return this.#require().calls.reachesWhatsApp(this.#withClose(signal));
  }

  async requestPairingCode(phoneNumber: string, signal: AbortSignal): Promise<string> {
    return this.#require().calls.requestPairingCode(phoneNumber, this.#withClose(signal));
  }

  async newMessageId(signal: AbortSignal): Promise<string | null> {
    return this.#require().handovers.newMessageId(this.#withClose(signal));
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendReceipt | SendRefusal> {
    return this.#require().handovers.send(message, this.#withClose(signal));
  }

  async ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]> {
    return this.#require().handovers.ownMessagesSince(chatId, sinceMs, this.#withClose(signal));
  }

  async incomingSince(sinceMs: number, signal: AbortSignal): Promise<MissedNews> {
    return this.#require().calls.incomingSince(sinceMs, this.#withClose(signal));
  }

  async downloadMedia(...[id, maxBytes, take, signal]: Parameters<WhatsAppClient['downloadMedia']>) {
    return this.#require().calls.downloadMedia(id, maxBytes, take, this.#withClose(signal));
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
    const launch = await this.#deps.launch(this.#spec);
    if (signal.aborted) throw abortError(signal, STARTING, 'init_timeout');
    const process = await this.#spawn(launch);
    this.#narrator.launched({ pid: process.pid, engine: launch.browser.engine, hasOther: launch.hasOther });
    const { browser, deadlines, messages } = this.#deps.config;
    const open = await openPage(process, {
      ...{ sessionId: this.#spec.sessionId, pages: this.#deps.pages, block: browser.block },
      proxyAuthentication: launch.proxyAuthentication,
      versionTimeoutMs: deadlines.launchMs,
      hooks: this.#hooks(),
    });
    if (signal.aborted) throw abortError(signal, STARTING, 'init_timeout');
    const { client, page } = open;
    forwardEvents(client, (event) => this.#narrator.event(event));
    const { inbound, named } = this.#inbound;
    inbound.attach(client);
    const handovers = new Handovers({ client, page, ...messages, reportedAck: (id) => inbound.ackOf(id) });
    this.#running = { ...open, calls: new Calls({ client, page, includeOwn: messages.includeOwn, named }), handovers };
    // Unlinked while we were away: the page leaves for the login page, and nothing more will be injected.
    await Promise.race([loadWhatsAppWeb(open, deadlines.launchMs), this.#loggedOut.promise]);
  }

  async #spawn(launch: ClientLaunch): Promise<BrowserProcess> {
    this.#launch = launch;
    // Known before it is there, so that a close at this moment waits for the process and ends it.
    this.#spawning = startBrowser(launch);
    const process = await this.#spawning.catch((error: unknown) => {
      throw clientError(error, 'launch_failed', 'Starting the browser');
    });
    this.#process = process;
    this.#startedAt = this.#deps.clock.now();
    process.exited
      .then((exit) => {
        this.#exited = true;
        if (this.#opened) this.#onDeath();
        else this.#deathAtStart.reject(process.failure(exit));
      })
      .catch((error: unknown) => this.#narrator.ignored('noting the exit', error));
    return process;
  }

  #hooks(): Parameters<typeof openPage>[1]['hooks'] {
    return {
      ...toldBy(this.#narrator),
      disconnected: () => this.#onDeath(),
      crashed: (error) => this.#onCrash(error),
      navigated: (url) => {
        this.#running?.handovers.forgetIds();
        if (!this.#opened || url.includes('post_logout=1')) return;
        this.#narrator.log('info', 'client.navigated', 'WhatsApp Web loads its page again');
        this.#narrator.event({ type: 'navigated' });
      },
      ready: (phoneNumber, webVersion) => {
        this.#running?.webPage.worked(webVersion);
        this.#narrator.event({ type: 'ready', phoneNumber, webVersion });
      },
      loggedOut: () => {
        this.#narrator.event({ type: 'logged-out' });
        this.#loggedOut.resolve();
      },
    };
  }

  #onDeath(): void {
    if (!this.#opened || this.#deathTold) return;
    this.#deathTold = true;
    this.#narrator.event({ type: 'browser-exited' });
  }

  #onCrash(error: unknown): void {
    if (this.#crashed || this.#deathTold) return;
    this.#crashed = true;
    if (this.#opened) this.#narrator.event({ type: 'page-crashed' });
    else this.#deathAtStart.reject(new ClientError('page_crashed', wordsOf(error), { cause: error }));
  }

  async #end(): Promise<void> {
    const process = await this.#spawning?.catch(() => null);
    if (!process) return;
    await endBrowser(process, {
      browser: this.#exited ? null : (this.#running?.browser ?? null),
      clock: this.#deps.clock,
      deadlines: this.#deps.config.deadlines,
      hurry: this.#hurry.signal,
      ignored: (doing, error) => this.#narrator.ignored(doing, error),
    });
    this.#narrator.log('info', 'client.closed', 'the browser has ended', { pid: process.pid });
  }

  #withClose(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closing.signal]);
  }

  #require(): Running {
    if (this.#running !== null && !this.#exited && !this.#closing.signal.aborted) return this.#running;
    throw new ClientError('browser_crashed', 'This session has no running browser.');
  }
}
