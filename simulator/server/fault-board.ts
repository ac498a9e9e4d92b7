import type { FaultKind, ParsedFault } from '../fault.js';

interface Posted {
  readonly target: string;
  readonly fault: ParsedFault;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

/** The faults that last: who has which one now. `*` means everybody. */
export class FaultBoard {
  readonly #posted = new Set<Posted>();
  readonly #changed: () => void;

  /** @param changed called whenever a fault begins or ends, so that what was held back can go on. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  post(target: string, fault: ParsedFault): void {
    const forMs = 'forMs' in fault ? fault.forMs : undefined;
    const entry: Posted = {
      target,
      fault,
      timer: forMs === undefined ? undefined : setTimeout(() => this.#remove(entry), forMs),
    };
    this.#posted.add(entry);
    this.#changed();
  }

  /** The first fault of that kind on this number; null asks for a page that belongs to nobody yet. */
  find<K extends FaultKind>(kind: K, phoneNumber: string | null): Extract<ParsedFault, { kind: K }> | undefined {
    for (const { target, fault } of this.#posted) {
      if (fault.kind === kind && (target === '*' || target === phoneNumber)) {
        return fault as Extract<ParsedFault, { kind: K }>;
      }
    }
    return undefined;
  }

  clear(target?: string): void {
    for (const entry of [...this.#posted]) {
      if (target === undefined || entry.target === target) this.#remove(entry);
    }
  }

  #remove(entry: Posted): void {
    clearTimeout(entry.timer);
    if (this.#posted.delete(entry)) this.#changed();
  }
}
