import { randomBytes, randomInt } from 'node:crypto';
import type { PageConnection } from './page-connection.js';

interface Offer {
  ref: string | null;
  shown: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

interface CodeOffer {
  readonly page: PageConnection;
  readonly phoneNumber: string;
}

export interface PairingTiming {
  readonly qrRotateMs: number;
  readonly qrRefs: number;
}

const CODE_LETTERS = '123456789ABCDEFGHJKLMNPQRSTVWXYZ';

/** Shows rotating QR references and pairing codes to pages that are not linked, and says whose a scanned one is. */
export class PairingDesk {
  readonly #offers = new Map<PageConnection, Offer>();
  readonly #codes = new Map<string, CodeOffer>();
  readonly #timing: () => PairingTiming;

  constructor(timing: () => PairingTiming) {
    this.#timing = timing;
  }

  /** Starts a fresh round of references; also what "refresh" does when the page has gone idle. */
  offer(page: PageConnection): void {
    this.withdraw(page);
    const offer: Offer = { ref: null, shown: 0, timer: undefined };
    this.#offers.set(page, offer);
    this.#rotate(page, offer);
  }

  offerCode(page: PageConnection, phoneNumber: string): string {
    const code = Array.from({ length: 8 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)] ?? '1').join('');
    this.#codes.set(code, { page, phoneNumber });
    return code;
  }

  /** The page that shows this QR text now. */
  pageOfQr(qr: string): PageConnection | undefined {
    const ref = qr.split(',')[0];
    for (const [page, offer] of this.#offers) if (offer.ref === ref) return page;
    return undefined;
  }

  pageOfCode(code: string, phoneNumber: string): PageConnection | undefined {
    const offer = this.#codes.get(code.replaceAll('-', '').toUpperCase());
    return offer?.phoneNumber === phoneNumber ? offer.page : undefined;
  }

  withdraw(page: PageConnection): void {
    clearTimeout(this.#offers.get(page)?.timer);
    this.#offers.delete(page);
    for (const [code, offer] of this.#codes) if (offer.page === page) this.#codes.delete(code);
  }

  #rotate(page: PageConnection, offer: Offer): void {
    const { qrRotateMs, qrRefs } = this.#timing();
    if (offer.shown >= qrRefs) {
      offer.ref = null;
      page.send({ kind: 'qr-idle' });
      return;
    }
    offer.shown += 1;
    offer.ref = `2@${randomBytes(48).toString('base64')}`;
    page.send({ kind: 'qr', ref: offer.ref });
    offer.timer = setTimeout(() => this.#rotate(page, offer), qrRotateMs);
  }
}
