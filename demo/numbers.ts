import type { SimulatorClient } from '../simulator/client.js';
import type { Service } from './service.js';

/** One number of the demo, with the phone that it belongs to. */
export interface DemoNumber {
  id: string;
  label: string;
  phoneNumber: string;
}

export const NUMBERS: readonly DemoNumber[] = [
  { id: 'sales', label: 'Sales', phoneNumber: '4915100000001' },
  { id: 'support', label: 'Support', phoneNumber: '4915100000002' },
  { id: 'bookings', label: 'Bookings', phoneNumber: '4915100000003' },
];

const CUSTOMERS = ['4917600000011', '4917600000012', '4917600000013'];
const QUESTIONS = ['Are you open today?', 'Where is my order?', 'A table for two, please.', 'What does it cost?'];
const LOOK_FOR_QR_MS = 500;
const SCAN_AFTER_MS = 3000;

/** Waits for the QR code of a number and scans it with its phone, as a person would: a few seconds later. */
export async function scanWhenAsked(
  service: Service,
  phones: SimulatorClient,
  number: DemoNumber,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const asked = await service.call<{ qr: string }>('GET', `/api/sessions/${number.id}/qr`).catch(() => null);
    if (asked === null) {
      await pause(LOOK_FOR_QR_MS);
      continue;
    }
    await pause(SCAN_AFTER_MS);
    const fresh = await service.call<{ qr: string }>('GET', `/api/sessions/${number.id}/qr`).catch(() => null);
    if (fresh === null) continue;
    // A code may rotate between the look and the scan; the next round takes the new one.
    const scanned = await phones.scanQr(fresh.qr, number.phoneNumber).then(
      () => true,
      () => false,
    );
    if (scanned) return;
  }
}

/** Customers write, the number answers: what comes in is read from the API and answered by it. */
export class Conversation {
  readonly #service: Service;
  readonly #phones: SimulatorClient;
  readonly #after = new Map<string, string>();
  #turn = 0;
  delivered = 0;
  answered = 0;
  /** How many messages each number has told of, by its id. */
  readonly received = new Map<string, number>();

  constructor(service: Service, phones: SimulatorClient) {
    this.#service = service;
    this.#phones = phones;
  }

  /** One customer writes to one number; the numbers take turns. */
  async customerWrites(): Promise<void> {
    const number = NUMBERS[this.#turn % NUMBERS.length];
    const from = CUSTOMERS[this.#turn % CUSTOMERS.length];
    const question = QUESTIONS[this.#turn % QUESTIONS.length];
    this.#turn += 1;
    if (!number || !from || !question) return;
    await this.#phones.deliver(number.phoneNumber, { from, body: `${question} (${this.#turn})` });
    this.delivered += 1;
  }

  /** Answers everything that came in since the last time, each message once. */
  async answer(): Promise<void> {
    for (const { id } of NUMBERS) {
      const after = this.#after.get(id) ?? '0';
      const path = `/api/sessions/${id}/messages?direction=received&limit=1&after=${after}`;
      const page = await this.#service.call<{ items: { id: string; from: string; body: string }[]; next?: string }>(
        'GET',
        path,
      );
      const message = page.items[0];
      if (!message) continue;
      await this.#service.call('POST', `/api/sessions/${id}/messages`, {
        to: message.from,
        text: `Thank you! You asked: ${message.body}`,
      });
      this.answered += 1;
      this.received.set(id, (this.received.get(id) ?? 0) + 1);
      this.#after.set(id, page.next ?? after);
    }
  }
}

/** Resolves after `delayMs`. */
export function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
