import type { CDPSession, Page } from 'puppeteer';
import { z } from 'zod';

const BINDING = 'wakefulTell';
const toldSchema = z.tuple([z.string()], z.unknown());

/**
 * What the library asks the page to tell with every message, for events that nobody listens to here; for the second it
 * reads the whole chat each time (Client.js 701, 785).
 */
export const UNHEARD: ReadonlySet<string> = new Set(['onChangeMessageEvent', 'onChatUnreadCountEvent']);

/** What the page tells often, and without waiting for an answer (Client.js 1031 to 1180). */
export const ONLY_TOLD: ReadonlySet<string> = new Set([
  'onAddMessageCiphertextEvent',
  'onAddMessageEvent',
  'onChangeMessageTypeEvent',
  'onEditMessageEvent',
  'onMessageAckEvent',
  'onReaction',
]);

type Handler = (...args: unknown[]) => unknown;

/** Runs in the page. */
function defineTeller(binding: string, name: string): void {
  Reflect.set(window, name, (...args: unknown[]) => {
    const tell: (text: string) => void = Reflect.get(window, binding);
    tell(JSON.stringify([name, ...args]));
    return Promise.resolve();
  });
}

/** Runs in the page. */
function defineNothing(name: string): void {
  Reflect.set(window, name, () => Promise.resolve());
}

/** The page gets a function of this name that does nothing, now and in every document to come. */
export async function exposeNothing(page: Page, name: string): Promise<void> {
  await page.evaluateOnNewDocument(defineNothing, name);
  await page.evaluate(defineNothing, name);
}

/**
 * Functions of the page that only tell us something. Puppeteer answers each call of a function that it exposes with a
 * call into the page, for which nobody waits there: as much work again for both, several times for every message.
 */
export class Tellers {
  readonly #page: Page;
  readonly #handlers = new Map<string, Handler>();
  readonly #onNonsense: (error: unknown) => void;
  #session: CDPSession | null = null;

  /** `onNonsense` gets what is thrown when the page tells something that cannot be read. */
  constructor(page: Page, onNonsense: (error: unknown) => void) {
    this.#page = page;
    this.#onNonsense = onNonsense;
  }

  /**
   * To be called in every document before it tells anything. Bindings come by themselves only where the whole of
   * `Runtime` is enabled, and that holds on to every object that the page ever logs.
   */
  async open(): Promise<void> {
    this.#session ??= await this.#listen();
    // One that is known from another document would not be made again.
    await this.#session.send('Runtime.removeBinding', { name: BINDING });
    await this.#session.send('Runtime.addBinding', { name: BINDING });
  }

  /** The page gets a function of this name, now and in every document to come. The handler must not throw. */
  async expose(name: string, handler: Handler): Promise<void> {
    this.#handlers.set(name, handler);
    await this.#page.evaluateOnNewDocument(defineTeller, BINDING, name);
    await this.#page.evaluate(defineTeller, BINDING, name);
  }

  async #listen(): Promise<CDPSession> {
    const session = await this.#page.createCDPSession();
    session.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name !== BINDING) return;
      try {
        this.#told(payload);
      } catch (error) {
        this.#onNonsense(error);
      }
    });
    return session;
  }

  #told(payload: string): void {
    const [name, ...args] = toldSchema.parse(JSON.parse(payload));
    this.#handlers.get(name)?.(...args);
  }
}
