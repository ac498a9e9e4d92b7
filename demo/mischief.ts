import type { SimulatorClient } from '../simulator/client.js';
import type { DemoNumber } from './numbers.js';
import { NUMBERS } from './numbers.js';
import type { DemoSession, Service } from './service.js';

interface Trick {
  name: string;
  play(session: DemoSession, number: DemoNumber, phones: SimulatorClient): Promise<void>;
}

/** What goes wrong in the demo, in this order; the real world does it without being asked. */
const TRICKS: readonly Trick[] = [
  {
    name: 'browser killed (kill -9)',
    play: async ({ browser }) => {
      if (browser) process.kill(browser.pid, 'SIGKILL');
    },
  },
  {
    name: 'page killed',
    play: async (_, { phoneNumber }, phones) => void (await phones.fault(phoneNumber, { kind: 'crash-page' })),
  },
  {
    name: 'connection dropped',
    play: async (_, { phoneNumber }, phones) => void (await phones.fault(phoneNumber, { kind: 'drop', forMs: 4000 })),
  },
  {
    name: 'page hangs in an endless loop',
    play: async (_, { phoneNumber }, phones) => void (await phones.fault(phoneNumber, { kind: 'hang-page' })),
  },
  {
    name: 'page reloads itself',
    play: async (_, { phoneNumber }, phones) => void (await phones.fault(phoneNumber, { kind: 'self-reload' })),
  },
];

/** Breaks one thing of one connected number, another each time. */
export class Mischief {
  readonly #service: Service;
  readonly #phones: SimulatorClient;
  #turn = 0;

  constructor(service: Service, phones: SimulatorClient) {
    this.#service = service;
    this.#phones = phones;
  }

  /** How many things have been broken. */
  get count(): number {
    return this.#turn;
  }

  /** Resolves with what was done, or null when that number is not connected right now. */
  async strike(): Promise<string | null> {
    const trick = TRICKS[this.#turn % TRICKS.length];
    const number = NUMBERS[this.#turn % NUMBERS.length];
    if (!trick || !number) return null;
    const session = await this.#service.call<DemoSession>('GET', `/api/sessions/${number.id}`);
    if (session.status !== 'connected') return null;
    this.#turn += 1;
    await trick.play(session, number, this.#phones);
    return `${number.id}: ${trick.name}`;
  }
}
