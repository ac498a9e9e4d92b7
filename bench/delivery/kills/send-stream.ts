import type { KeptNumber } from '../../support/kept-number.js';
import { ServiceRefusal } from '../../support/service-api.js';
import { pause } from '../../support/waiting.js';
import type { World } from '../../support/world.js';
import type { Accepted } from './arrivals.js';

const REPEAT_MS = 200;
/** What a client gives up at: everything else is asked again. */
const isFinal = (status: number) => status >= 400 && status < 500 && status !== 429;

/**
 * What a careful client does: it sends the next message to a chat when the one before was taken, each under an
 * Idempotency-Key of its own, and asks again with the same key when no answer came.
 */
export class SendStream {
  readonly #world: World;
  readonly #everyMs: number;
  readonly #accepted = new Map<string, Accepted[]>();
  /** The last message of each chat, settled when it was taken or refused. */
  readonly #chats = new Map<string, Promise<void>>();
  readonly refused: string[] = [];
  #timers: ReturnType<typeof setInterval>[] = [];
  #repeated = 0;
  #isOver = false;
  #count = 0;

  /** @param perSecond sends per second and number */
  constructor(world: World, perSecond: number) {
    this.#world = world;
    this.#everyMs = 1000 / perSecond;
  }

  /** How often a message was posted again since no answer, or none of use, had come. */
  get repeated(): number {
    return this.#repeated;
  }

  get acceptedCount(): number {
    return [...this.#accepted.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** What was accepted of a number, each chat in its order. */
  acceptedOf(number: KeptNumber): readonly Accepted[] {
    return this.#accepted.get(number.id) ?? [];
  }

  start(): void {
    this.#timers = this.#world.numbers.map((number) => setInterval(() => this.#queue(number), this.#everyMs));
  }

  /** Writes nothing new; resolves when everything is accepted or refused, for which the service must run. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#chats.values());
  }

  /** Asks no more for what has no answer yet. */
  async abandon(): Promise<void> {
    this.#isOver = true;
    await this.stop();
  }

  #queue(number: KeptNumber): void {
    this.#count += 1;
    const to = number.customers[this.#count % number.customers.length] ?? '';
    const body = `${number.id} says ${this.#count}`;
    const before = this.#chats.get(to) ?? Promise.resolve();
    this.#chats.set(
      to,
      before.then(() => this.#send(number, to, body)),
    );
  }

  async #send({ id: sessionId }: KeptNumber, to: string, body: string): Promise<void> {
    while (!this.#isOver) {
      try {
        const { id } = await this.#world.api.send(sessionId, { to, text: body, key: body });
        const accepted = this.#accepted.get(sessionId) ?? [];
        accepted.push({ id, to, body, at: Date.now() });
        this.#accepted.set(sessionId, accepted);
        return;
      } catch (error) {
        if (!(error instanceof ServiceRefusal)) throw error;
        if (isFinal(error.status)) {
          this.refused.push(`${body}: ${error.message}`);
          return;
        }
        this.#repeated += 1;
        await pause(REPEAT_MS);
      }
    }
  }
}
