/** What a launch is told of, as far as a fake needs it. */
interface Launch {
  readonly sessionId: string;
  readonly onEvent: (event: BrowserNews) => void;
  readonly onMessage: (message: Incoming) => void;
  readonly onAck: (waMessageId: string, ack: number) => void;
}

type BrowserNews =
  | { type: 'launched'; pid: number; engine: 'headless-shell'; hasOther: boolean }
  | { type: 'authenticated' }
  | { type: 'ready'; phoneNumber: string; webVersion: string };

interface Incoming {
  id: string;
  from: string;
  fromLid: null;
  to: string;
  chatId: string;
  body: string;
  type: 'chat';
  timestamp: number;
  fromMe: false;
  ack: number;
  quotedMessageId: null;
  media: null;
  editedAt: null;
  revokedAt: null;
}

/** Above every pid that Linux gives: whoever signals it or reads of it strikes nobody. */
const FIRST_PID = 2 ** 22 + 1;
/** Between two calls of a real page and back over the DevTools pipe. */
const ANSWER_MS = 3;
/** WhatsApp's server has it, the other phone has it, its owner reads it. */
const ACKS = [
  { ack: 1, afterMs: 150 },
  { ack: 2, afterMs: 1000 },
  { ack: 3, afterMs: 4000 },
];

/** Browsers that are not there: each connects at once, answers every probe, and takes every message. */
export class FakeBrowsers {
  readonly #launches = new Map<string, Launch>();
  #launched = 0;
  #messages = 0;

  /** To be given to the service in the place of what starts real browsers. */
  readonly create = (launch: Launch) => {
    this.#launched += 1;
    const process = { pid: FIRST_PID + this.#launched, startedAt: Date.now(), engine: 'headless-shell' as const };
    return {
      start: async () => {
        launch.onEvent({ type: 'launched', pid: process.pid, engine: process.engine, hasOther: false });
        await after(ANSWER_MS);
        this.#launches.set(launch.sessionId, launch);
        launch.onEvent({ type: 'authenticated' });
        setTimeout(() => launch.onEvent({ type: 'ready', phoneNumber: phoneOf(launch), webVersion: '2.3000.1' }), 1);
      },
      close: async () => void this.#launches.delete(launch.sessionId),
      browser: () => process,
      probe: async () => {
        await after(ANSWER_MS);
        return {
          ...{ pageAnswered: true, browserAnswered: true, voided: false, injected: true },
          ...{ socketState: 'CONNECTED', latencyMs: ANSWER_MS },
        };
      },
      askWhatsApp: () => after(ANSWER_MS, 'answered' as const),
      library: () => null,
      reconnectSocket: () => after(ANSWER_MS),
      takeOver: () => after(ANSWER_MS),
      reachesWhatsApp: () => after(ANSWER_MS, true),
      reload: () => after(ANSWER_MS),
      logout: () => after(ANSWER_MS),
      requestPairingCode: () => after(ANSWER_MS, 'ABCDEFGH'),
      newMessageId: () => after(ANSWER_MS, this.#newId()),
      send: async ({ to, presetId }: { to: string; presetId: string | null }) => {
        await after(ANSWER_MS);
        const waMessageId = `true_${to}_${presetId ?? this.#newId()}`;
        for (const { ack, afterMs } of ACKS) setTimeout(() => launch.onAck(waMessageId, ack), afterMs);
        return { waMessageId, ack: 0 };
      },
      ownMessagesSince: async () => [],
      incomingSince: async () => ({ messages: [], news: [] }),
      downloadMedia: async () => null,
      screenshot: async () => Buffer.alloc(0),
      chats: async () => [],
      contact: async (phoneNumber: string) => ({ phoneNumber, registered: true, id: null, name: null }),
    };
  };

  /** Somebody writes to this session; nothing happens when it has no browser. */
  write(sessionId: string, customer: string): void {
    const launch = this.#launches.get(sessionId);
    launch?.onMessage({
      id: `false_${customer}@c.us_${this.#newId()}`,
      from: `${customer}@c.us`,
      to: `${phoneOf(launch)}@c.us`,
      chatId: `${customer}@c.us`,
      body: 'Good morning! Is the table for four on Saturday evening still free?',
      type: 'chat',
      timestamp: Math.floor(Date.now() / 1000) * 1000,
      ...{ fromLid: null, fromMe: false, ack: 1, quotedMessageId: null, media: null, editedAt: null, revokedAt: null },
    });
  }

  #newId(): string {
    this.#messages += 1;
    return `3EB0${this.#messages.toString(16).toUpperCase().padStart(18, '0')}`;
  }
}

function after<T = void>(delayMs: number, value?: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value as T), delayMs));
}

/** A number of its own for every session, as `s17` has 4917000000017. */
function phoneOf({ sessionId }: Launch): string {
  return `49170${sessionId.replace(/\D/g, '').padStart(8, '0')}`;
}
