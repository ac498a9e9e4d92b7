import type { KeptNumber } from '../support/kept-number.js';
import type { ListedMessage } from '../support/service-api.js';
import { eventually } from '../support/waiting.js';
import type { World } from '../support/world.js';
import type { Sheet } from './traffic.js';

/** What became of the messages of one fault, all numbers together. */
export interface MessageCount {
  accepted: number;
  delivered: number;
  /** Accepted and never arrived, or delivered and never in the inbox. */
  lost: number;
  /** Arrived under two ids, or twice in the inbox. */
  twice: number;
  /** Turned down by the API, or reported as failed. */
  refused: number;
  /** Reported as uncertain, or as failed although it arrived. */
  uncertain: number;
  /** The first few of what went wrong, for the report. */
  examples: string[];
}

/** When nothing has moved for so long, nothing will. */
const STANDSTILL_MS = 45_000;
const LOOK_EVERY_MS = 300;
const EXAMPLES = 5;

/** Follows outbox and inbox of every number by the API and compares them with WhatsApp's own books. */
export class MessageCounter {
  readonly #world: World;
  /** Where the last, unfinished page of a list begins. */
  readonly #cursors = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Waits until everything on the sheets is settled, or nothing has moved for 45 s, and counts. Only while the traffic pauses. */
  async count(sheets: ReadonlyMap<string, Sheet>): Promise<MessageCount> {
    const total = { accepted: 0, delivered: 0, lost: 0, twice: 0, refused: 0, uncertain: 0, examples: [] };
    await Promise.all(
      this.#world.numbers.map(async (number) => {
        const sheet = sheets.get(number.id);
        if (sheet === undefined) return;
        await this.#countSent(number, sheet, total);
        await this.#countReceived(number, sheet, total);
      }),
    );
    return total;
  }

  async #countSent(number: KeptNumber, sheet: Sheet, total: MessageCount): Promise<void> {
    const listed = await this.#settled(number, 'sent', (messages) => {
      const closed = new Set(messages.filter(({ status }) => !isOpen(status)).map(({ id }) => id));
      return sheet.accepted.filter(({ id }) => !closed.has(id)).length;
    });
    const statusOf = new Map(listed.map(({ id, status }) => [id, status]));
    const arrivals = new Map<string, number>();
    for (const { body } of await this.#world.phones.sent(number.phoneNumber)) {
      arrivals.set(body, (arrivals.get(body) ?? 0) + 1);
    }
    total.accepted += sheet.accepted.length;
    total.refused += sheet.refused;
    for (const { id, body } of sheet.accepted) {
      const status = statusOf.get(id) ?? 'unknown';
      const times = arrivals.get(body) ?? 0;
      if (times > 1) note(total, 'twice', `${body}: arrived ${times} times`);
      if (status === 'uncertain' || (status === 'failed' && times > 0)) note(total, 'uncertain', `${body}: ${status}`);
      else if (status === 'failed') note(total, 'refused', `${body}: failed`);
      else if (times === 0) note(total, 'lost', `${body}: ${status}, never arrived`);
      else if (isOpen(status)) note(total, 'uncertain', `${body}: arrived, still ${status}`);
    }
  }

  async #countReceived(number: KeptNumber, sheet: Sheet, total: MessageCount): Promise<void> {
    const listed = await this.#settled(number, 'received', (messages) => {
      const bodies = new Set(messages.map(({ body }) => body));
      return sheet.delivered.filter((body) => !bodies.has(body)).length;
    });
    const times = new Map<string, number>();
    for (const { body } of listed) times.set(body, (times.get(body) ?? 0) + 1);
    total.delivered += sheet.delivered.length;
    for (const body of sheet.delivered) {
      const seen = times.get(body) ?? 0;
      if (seen === 0) note(total, 'lost', `${body}: never in the inbox`);
      if (seen > 1) note(total, 'twice', `${body}: ${seen} times in the inbox`);
    }
  }

  async #settled(
    number: KeptNumber,
    direction: 'sent' | 'received',
    openIn: (messages: readonly ListedMessage[]) => number,
  ): Promise<readonly ListedMessage[]> {
    const key = `${direction} ${number.id}`;
    const from = this.#cursors.get(key) ?? '0';
    let read = await this.#readFrom(number, direction, from);
    let open = openIn(read.messages);
    // Ten minutes without a network leave hundreds of messages: what matters is that they go on arriving.
    for (let before = open + 1; open > 0 && open < before; ) {
      before = open;
      await eventually(
        STANDSTILL_MS,
        async () => {
          read = await this.#readFrom(number, direction, from);
          open = openIn(read.messages);
          return open < before;
        },
        LOOK_EVERY_MS,
      );
    }
    this.#cursors.set(key, read.lastPage);
    return read.messages;
  }

  async #readFrom(
    number: KeptNumber,
    direction: 'sent' | 'received',
    from: string,
  ): Promise<{ messages: readonly ListedMessage[]; lastPage: string }> {
    const messages: ListedMessage[] = [];
    for (let lastPage = from; ; ) {
      const { items, next } = await this.#world.api.messages(number.id, direction, lastPage);
      messages.push(...items);
      if (next === undefined) return { messages, lastPage };
      lastPage = next;
    }
  }
}

function isOpen(status: string | undefined): boolean {
  return status === 'queued' || status === 'sending';
}

function note(total: MessageCount, kind: 'lost' | 'twice' | 'refused' | 'uncertain', words: string): void {
  total[kind] += 1;
  if (total.examples.length < EXAMPLES) total.examples.push(`${kind}: ${words}`);
}
