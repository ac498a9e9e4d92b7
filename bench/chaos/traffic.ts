import type { KeptNumber } from '../support/kept-number.js';
import { ServiceRefusal } from '../support/service-api.js';
import { pause } from '../support/waiting.js';
import type { World } from '../support/world.js';

/** A message that the API took: from here on it must arrive or be reported. */
export interface Accepted {
  readonly id: string;
  readonly body: string;
}

/** What went through one number since the last count. */
export interface Sheet {
  readonly accepted: Accepted[];
  /** Bodies that customers wrote. */
  readonly delivered: string[];
  /** Sends that the API turned down for good. */
  refused: number;
}

const RETRY_MS = 200;
/** A number that waits for a person takes nothing until he has come. */
const AWAITED_RETRY_MS = 1000;
/** Customers write less than we do. */
const SENDS_PER_DELIVERY = 2;

/** A steady stream of messages in both directions on every number, each with a text of its own. */
export class Traffic {
  readonly #world: World;
  readonly #everyMs: number;
  readonly #sheets = new Map<string, Sheet>();
  readonly #underWay = new Set<Promise<unknown>>();
  #timers: ReturnType<typeof setInterval>[] = [];
  #count = 0;

  /** @param perSecond sends per second and number */
  constructor(world: World, perSecond: number) {
    this.#world = world;
    this.#everyMs = 1000 / perSecond;
  }

  resume(): void {
    if (this.#timers.length > 0) return;
    this.#timers = this.#world.numbers.map((number) => {
      let turn = 0;
      return setInterval(() => {
        turn += 1;
        this.#track(this.send(number));
        if (turn % SENDS_PER_DELIVERY === 0) this.#track(this.#deliver(number));
      }, this.#everyMs);
    });
  }

  /** Resolves when everything that was under way is accepted or refused. */
  async pause(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    await Promise.all(this.#underWay);
  }

  /** One message of ours, asked for again under the same key until the API takes or refuses it; null when refused. */
  async send(number: KeptNumber): Promise<Accepted | null> {
    this.#count += 1;
    const body = `${number.id} says ${this.#count}`;
    const to = number.customers[this.#count % number.customers.length] ?? '';
    const sheet = this.#sheet(number);
    for (;;) {
      try {
        const { id } = await this.#world.api.send(number.id, { to, text: body, key: body });
        const accepted = { id, body };
        sheet.accepted.push(accepted);
        return accepted;
      } catch (error) {
        if (!(error instanceof ServiceRefusal)) throw error;
        const waitMs = waitOf(error.status);
        if (waitMs === null) {
          sheet.refused += 1;
          return null;
        }
        await pause(waitMs);
      }
    }
  }

  /** Hands over the sheets and begins new ones. Only after `pause`. */
  collect(): ReadonlyMap<string, Sheet> {
    const sheets = new Map(this.#world.numbers.map((number) => [number.id, this.#sheet(number)]));
    this.#sheets.clear();
    return sheets;
  }

  async #deliver(number: KeptNumber): Promise<void> {
    this.#count += 1;
    const body = `to ${number.id} comes ${this.#count}`;
    const from = number.customers[this.#count % number.customers.length] ?? '';
    const sheet = this.#sheet(number);
    await this.#world.phones.deliver(number.phoneNumber, { from, body });
    sheet.delivered.push(body);
  }

  #sheet(number: KeptNumber): Sheet {
    const known = this.#sheets.get(number.id);
    if (known) return known;
    const fresh: Sheet = { accepted: [], delivered: [], refused: 0 };
    this.#sheets.set(number.id, fresh);
    return fresh;
  }

  #track(work: Promise<unknown>): void {
    const tracked = work
      .catch((error: unknown) => void process.stderr.write(`traffic: ${String(error)}\n`))
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}

/** How long to wait before asking again; null when that cannot help. */
function waitOf(status: number): number | null {
  if (status === 409) return AWAITED_RETRY_MS;
  return status >= 400 && status < 500 && status !== 429 ? null : RETRY_MS;
}
