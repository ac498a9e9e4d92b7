import { isLid, type Person, withNumber } from '../../domain/person.js';

export interface LidNumbersOptions {
  /** As it was learned earlier. */
  known: (lid: string) => string | null;
  /** Asks the page, and through it WhatsApp; null when nobody can tell. Never rejects. */
  ask: (lid: string) => Promise<string | null>;
  now: () => number;
}

/** WhatsApp keeps some numbers to itself: asking again for every message of such a person would only cost time. */
const ASK_AGAIN_AFTER_MS = 10 * 60_000;
const ASKED_AT_ONCE = 5;
/** What came while away is not held up for longer than this by people whom nobody knows. */
const PATIENCE_MS = 10_000;
const REMEMBERED = 1_000;

/** Finds the numbers behind LIDs: in what was learned, then by asking, each once in a while. */
export class LidNumbers {
  readonly #options: LidNumbersOptions;
  readonly #asked = new Map<string, { answer: Promise<string | null>; at: number }>();

  constructor(options: LidNumbersOptions) {
    this.#options = options;
  }

  /** The same people, with the number of each one who has only a LID and whose number can be told. Never rejects. */
  named = async <P extends Person>(people: P[]): Promise<P[]> => {
    const lids = people.map(({ from }) => from).filter(isLid);
    if (lids.length === 0) return people;
    const numbers = await this.#numbersOf(new Set(lids));
    return people.map((person) => withNumber(person, numbers.get(person.from) ?? null));
  };

  async #numbersOf(lids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const { known, now } = this.#options;
    const numbers = new Map<string, string>();
    const unknown: string[] = [];
    for (const lid of lids) {
      const phone = known(lid);
      if (phone === null) unknown.push(lid);
      else numbers.set(lid, phone);
    }
    for (const giveUpAt = now() + PATIENCE_MS; unknown.length > 0 && now() < giveUpAt; ) {
      const some = unknown.splice(0, ASKED_AT_ONCE);
      const phones = await Promise.all(some.map((lid) => this.#ask(lid)));
      for (const [index, lid] of some.entries()) {
        const phone = phones[index] ?? null;
        if (phone !== null) numbers.set(lid, phone);
      }
    }
    return numbers;
  }

  #ask(lid: string): Promise<string | null> {
    const { ask, now } = this.#options;
    const before = this.#asked.get(lid);
    if (before !== undefined && now() - before.at < ASK_AGAIN_AFTER_MS) return before.answer;
    const answer = ask(lid);
    this.#asked.set(lid, { answer, at: now() });
    if (this.#asked.size > REMEMBERED) this.#asked.delete(this.#asked.keys().next().value ?? '');
    return answer;
  }
}
