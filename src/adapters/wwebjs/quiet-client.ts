import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer';
import wwebjs from 'whatsapp-web.js';
import { z } from 'zod';
import { ClientError } from '../../domain/ports.js';
import { isDeadHandle, isNavigation } from './failure.js';
import { KeepingAuth } from './keeping-auth.js';
import { completeMessageModels, REPAIR_ON_NEW_DOCUMENT, repairMessageKeys } from './page-compat.js';
import { guardEvaluations } from './page-exchange.js';
import { letIdsBeGiven } from './page-preset.js';
import { exposeNothing, ONLY_TOLD, Tellers, UNHEARD } from './page-tell.js';
import { takeUploadsInPieces } from './page-upload.js';
import { forgetInjection, markInjected, markReady, wasReady, watchPage } from './page-watch.js';

declare module 'whatsapp-web.js' {
  // Both are missing in the library's types.
  interface Client {
    inject(): Promise<void>;
    attachEventListeners(): Promise<void>;
    /** Ours: a message has become another type, as one that could not be read before. */
    on(event: 'message_type', listener: (model: unknown) => void): this;
  }
}

/** What the client tells its owner; none of it may throw. */
export interface QuietClientHooks {
  socketState(state: string): void;
  injected(): void;
  ready(phoneNumber: string | null, webVersion: string | null): void;
  /** A page that was ready before has synced again. */
  synced(): void;
  loggedOut(): void;
  /** Something failed behind our back; nobody waits for it. */
  ignored(doing: string, error: unknown): void;
}

const reportSchema = z.object({ kind: z.enum(['state', 'logout']), state: z.string() });
const readySchema = z.object({ phoneNumber: z.string().nullable(), webVersion: z.string().nullable() }).nullable();
const POLL_MS = 100;
const QR_GRACE_MS = 1500;
const READY_ATTEMPTS = 3;
type Handler = (...args: unknown[]) => unknown;

/**
 * whatsapp-web.js that never rejects behind our back. `initialize()` is not used: we start the browser and load the page
 * ourselves, and take of the library its injection, its events and its structures, unchanged.
 *
 * One document is injected once, however often it navigates within itself; a new document is injected anew, by us or
 * because WhatsApp Web reloaded itself.
 */
export class QuietClient extends wwebjs.Client {
  readonly #hooks: QuietClientHooks;
  readonly #versionTimeoutMs: number;
  #flight: Promise<void> | null = null;
  #wanted = false;
  /** Counts the pages that were given up, so that a late answer of one cannot inject the next a second time. */
  #pageNumber = 0;
  #injectedOnce = false;
  #navigations = 0;
  #over = false;
  #leaving = false;
  #lastQrAt = 0;
  #librarySynced: Handler | null = null;
  #readyRun: Promise<void> | null = null;
  /** How many syncs were told. */
  #syncs = 0;
  #tellers: Tellers | null = null;

  constructor(hooks: QuietClientHooks, versionTimeoutMs: number) {
    super({
      authStrategy: new KeepingAuth(),
      authTimeoutMs: versionTimeoutMs,
      webVersionCache: { type: 'none' },
      takeoverOnConflict: false,
    });
    this.#hooks = hooks;
    this.#versionTimeoutMs = versionTimeoutMs;
    this.on('qr', () => {
      this.#lastQrAt = performance.now();
    });
  }

  /** Takes over a browser of ours and its page, before the page is loaded. */
  async adopt(browser: Browser, page: Page): Promise<void> {
    this.pupBrowser = browser;
    this.pupPage = page;
    this.#tellers = new Tellers(page, (error) => this.#hooks.ignored('hearing the page', error));
    this.#guardHandlers(page, this.#tellers);
    guardEvaluations(page, () => this.#readyRun !== null);
    await page.exposeFunction('wakefulReport', (report: unknown) => this.#onReport(report));
    await page.evaluateOnNewDocument(REPAIR_ON_NEW_DOCUMENT);
    page.on('framenavigated', (frame) => {
      if (frame !== page.mainFrame()) return;
      this.#navigations += 1;
      // The library deletes the profile under the live browser here (Client.js 498) and awaits nothing.
      if (frame.url().includes('post_logout=1')) return this.#leave();
      if (frame.url().startsWith('https:')) this.inject().catch((error) => this.#hooks.ignored('injecting', error));
    });
  }

  /** Nothing is reported from here on. */
  silence(): void {
    this.#over = true;
  }

  /** Lets go of a page whose renderer died: what waits for its answers waits in vain. */
  abandonPage(): void {
    this.#pageNumber += 1;
    this.#flight = null;
    this.#readyRun = null;
  }

  /**
   * Injects the present document, unless it is injected already. One flight at a time; a navigation during it begins it
   * anew. Rejects only until the first success: later failures go to the hooks, and the next probe finds them.
   */
  override inject(): Promise<void> {
    this.#wanted = true;
    if (this.#flight !== null) return this.#flight;
    const flight: Promise<void> = this.#injectUntilDone().finally(() => {
      if (this.#flight === flight) this.#flight = null;
    });
    this.#flight = flight;
    return flight;
  }

  /** The owner ends the browser. The library calls this unawaited (Client.js 853). */
  override async destroy(): Promise<void> {}

  override requestPairingCode(phoneNumber: string, showNotification?: boolean, intervalMs?: number): Promise<string> {
    const code = super.requestPairingCode(phoneNumber, showNotification, intervalMs);
    // Where the library calls it itself, nobody awaits it (Client.js 217).
    code.catch(() => undefined);
    return code;
  }

  override async attachEventListeners(): Promise<void> {
    const page = this.#page();
    await page.evaluate(completeMessageModels);
    await page.evaluate(letIdsBeGiven);
    await page.evaluate(takeUploadsInPieces);
    await this.#tellers?.open();
    await super.attachEventListeners();
  }

  get #silent(): boolean {
    return this.#over || this.#leaving;
  }

  #page(): Page {
    if (this.pupPage === undefined || this.pupPage === null) throw new Error('adopt() comes first');
    return this.pupPage;
  }

  async #injectUntilDone(): Promise<void> {
    const pageNumber = this.#pageNumber;
    while (this.#wanted && !this.#silent && pageNumber === this.#pageNumber) {
      this.#wanted = false;
      const navigations = this.#navigations;
      try {
        await this.#injectDocument();
      } catch (error) {
        if (this.#silent || pageNumber !== this.#pageNumber) return;
        // In a document that has only just come nothing is as expected, and the words of the failure may be any.
        if (isNavigation(error) || navigations !== this.#navigations) {
          this.#wanted = true;
          await pause(POLL_MS);
        } else if (this.#injectedOnce) {
          this.#hooks.ignored('injecting', error);
        } else {
          throw error;
        }
      }
    }
  }

  async #injectDocument(): Promise<void> {
    const page = this.#page();
    await this.#waitForVersion(page);
    await page.evaluate(repairMessageKeys);
    if (await page.evaluate(watchPage)) return;
    await super.inject();
    const hasSynced = await page.evaluate(markInjected);
    this.#injectedOnce = true;
    if (this.#silent) return;
    this.#hooks.injected();
    if (hasSynced) this.#onSynced();
  }

  async #waitForVersion(page: Page): Promise<void> {
    const giveUpAt = performance.now() + this.#versionTimeoutMs;
    while (!this.#silent) {
      if (await page.evaluate(() => window.Debug?.VERSION !== undefined)) return;
      if (performance.now() > giveUpAt) {
        throw new ClientError('init_timeout', 'WhatsApp Web was loaded, but its program did not start.');
      }
      await pause(POLL_MS);
    }
  }

  /** Every function that the library exposes passes here, so that none of them can throw or misbehave unseen. */
  #guardHandlers(page: Page, tellers: Tellers): void {
    const expose = page.exposeFunction.bind(page);
    page.exposeFunction = async (name, given) => {
      const handler = given as Handler;
      if (name === 'onAppStateHasSyncedEvent') {
        this.#librarySynced = handler;
        return expose(name, () => this.#onSynced());
      }
      // Would run `window` in Node (Client.js 290); watchPage refreshes the QR code in the page.
      if (name === 'onAuthAppStateChangedEvent') return expose(name, () => undefined);
      if (UNHEARD.has(name)) return exposeNothing(page, name);
      const guarded = async (...args: unknown[]) => {
        if (this.#silent && name !== 'wakefulReport') return undefined;
        try {
          // The library tells only of deletions (Client.js 672).
          if (name === 'onChangeMessageTypeEvent') this.emit('message_type', args[0]);
          return await handler(...args);
        } catch (error) {
          this.#hooks.ignored(name, error);
          return undefined;
        }
      };
      return ONLY_TOLD.has(name) ? tellers.expose(name, guarded) : expose(name, guarded);
    };
  }

  #onReport(given: unknown): void {
    const { kind, state } = reportSchema.parse(given);
    if (kind === 'logout') {
      this.#leave();
      return;
    }
    if (this.#silent) return;
    this.#hooks.socketState(state);
    if (state === 'UNPAIRED') this.#expectQr();
  }

  /** The library shows QR codes only when it finds the page unpaired as it injects (Client.js 182); it may be so later. */
  #expectQr(): void {
    const since = performance.now();
    const timer = setTimeout(() => {
      if (this.#silent || this.#flight !== null || this.#lastQrAt >= since || !this.#injectedOnce) return;
      this.#page()
        .evaluate(forgetInjection)
        .then(() => this.inject())
        .catch((error: unknown) => this.#hooks.ignored('asking for a QR code', error));
    }, QR_GRACE_MS);
    timer.unref();
  }

  #leave(): void {
    if (this.#silent) return;
    this.#leaving = true;
    this.#hooks.loggedOut();
  }

  /** From the event and from our own reading of `hasSynced`, in any order and number: one ready per document. */
  #onSynced(): void {
    this.#syncs += 1;
    if (this.#readyRun !== null || this.#librarySynced === null) return;
    const run: Promise<void> = this.#becomeReady(this.#librarySynced).finally(() => {
      if (this.#readyRun === run) this.#readyRun = null;
    });
    this.#readyRun = run;
  }

  /** Until every sync that was told is dealt with, also one that comes meanwhile. */
  async #becomeReady(librarySynced: Handler): Promise<void> {
    const pageNumber = this.#pageNumber;
    let failures = 0;
    for (let done = this.#syncs - 1; done !== this.#syncs && !this.#silent && pageNumber === this.#pageNumber; ) {
      const sync = this.#syncs;
      try {
        await this.#onceSynced(librarySynced);
        [done, failures] = [sync, 0];
      } catch (error) {
        if (this.#silent || isDeadHandle(error)) return;
        // A new document reports its own sync.
        if (!isNavigation(error)) this.#hooks.ignored('becoming ready', error);
        failures = isNavigation(error) ? READY_ATTEMPTS : failures + 1;
        if (failures < READY_ATTEMPTS) await pause(1000);
        else [done, failures] = [sync, 0];
      }
    }
  }

  async #onceSynced(librarySynced: Handler): Promise<void> {
    const page = this.#page();
    // Synced again after a reconnect: what came with it is in the chats, and no event told of it.
    if (await page.evaluate(wasReady)) return this.#hooks.synced();
    await librarySynced();
    const ready = readySchema.parse(await page.evaluate(markReady));
    if (ready !== null && !this.#silent) this.#hooks.ready(ready.phoneNumber, ready.webVersion);
  }
}
