import type { ParsedFault } from '../fault.js';
import type { FaultBoard } from './fault-board.js';
import type { PageConnection } from './page-connection.js';
import type { PhoneActions } from './phone-actions.js';
import type { WhatsApp } from './whatsapp.js';

/** Makes things go wrong: at once for the pages that are there, and lastingly for those that come. */
export class FaultActions {
  readonly #whatsapp: WhatsApp;
  readonly #board: FaultBoard;
  readonly #phone: PhoneActions;

  constructor(whatsapp: WhatsApp, board: FaultBoard, phone: PhoneActions) {
    this.#whatsapp = whatsapp;
    this.#board = board;
    this.#phone = phone;
  }

  /** Returns how many pages it struck at once. */
  strike(target: string, fault: ParsedFault): number {
    const pages = [...this.#whatsapp.pages].filter((page) => target === '*' || page.phoneNumber === target);
    switch (fault.kind) {
      case 'drop':
        if (fault.forMs !== undefined) this.#board.post(target, fault);
        return each(pages, (page) => page.cut());
      case 'network-down':
        this.#board.post(target, fault);
        return each(pages, (page) => page.cut());
      case 'black-hole':
      case 'slow':
      case 'stalled-socket':
      case 'stalled-ready':
      case 'rate-limit':
        this.#board.post(target, fault);
        return pages.length;
      case 'hang-page':
        return each(pages, (page) =>
          page.send({ kind: 'order', order: { order: 'hang', forMs: fault.forMs ?? null } }),
        );
      case 'crash-page':
        return each(pages, (page) => page.send({ kind: 'order', order: { order: 'crash' } }));
      case 'self-reload':
        return each(pages, (page) => page.send({ kind: 'order', order: { order: 'reload' } }));
      case 'push-state':
        return each(pages, (page) => page.send({ kind: 'order', order: { order: 'push-state', times: fault.times } }));
      case 'conflict':
        return each(pages, (page) => page.send({ kind: 'conflict' }));
      case 'terminal':
        this.#board.post(target, fault);
        return each(pages, (page) => page.send({ kind: 'terminal', state: fault.state }));
      case 'logout':
        for (const phoneNumber of this.#linked(target)) this.#phone.unlink(phoneNumber);
        return pages.length;
      default:
        return fault satisfies never;
    }
  }

  #linked(target: string): readonly string[] {
    const linked = this.#whatsapp.accounts.all.filter((account) => account.device !== null);
    return linked.map((account) => account.phoneNumber).filter((number) => target === '*' || target === number);
  }
}

function each(pages: readonly PageConnection[], act: (page: PageConnection) => void): number {
  for (const page of pages) act(page);
  return pages.length;
}
