import PQueue from 'p-queue';
import type { Verdict } from '../../domain/delivery.js';
import type { Logger } from '../../domain/ports.js';
import { HEALTHY_RECEIVER, healthAfter, type ReceiverHealth } from '../../domain/receiver-health.js';
import { endOfWait, NO_WAIT, type Wait } from '../../domain/wait.js';
import { nameOfReceiver } from './endpoints.js';

interface Receiver {
  queue: PQueue;
  health: ReceiverHealth;
  /** It asked to be left alone for so long. */
  pause: Wait;
}

interface ReceiversDeps {
  concurrency: number;
  logger: Logger;
  now: () => number;
}

/** Those who are called, by address: many sessions may share one. Bounds the calls to each and knows how each is doing. */
export class Receivers {
  readonly #deps: ReceiversDeps;
  readonly #receivers = new Map<string, Receiver>();

  constructor(deps: ReceiversDeps) {
    this.#deps = deps;
  }

  /** Makes a call when the receiver has a free place; in the order in which they were asked for. */
  async call(url: string, make: () => Promise<void>): Promise<void> {
    await this.#receiver(url).queue.add(make);
  }

  /** Notes how a call went; true when the receiver was down and is back. */
  note(url: string, verdict: Verdict): boolean {
    const { logger, now } = this.#deps;
    const receiver = this.#receiver(url);
    const before = receiver.health;
    const { health, cameBack } = healthAfter(before, verdict, now());
    receiver.health = health;
    const name = nameOfReceiver(url);
    if (health.failing && !before.failing) {
      const words = `The webhook receiver ${name} has taken nothing for a minute; what is for it waits`;
      logger.warn('webhook.failing', words, { receiver: name, failures: health.failures });
    }
    if (before.failing && !health.failing) {
      const downMs = now() - (before.since ?? now());
      logger.info('webhook.recovered', `The webhook receiver ${name} takes events again`, { receiver: name, downMs });
    }
    return cameBack;
  }

  /** It asks to be left alone for so long, milliseconds. Of several such wishes the longest counts. */
  leaveAlone(url: string, pauseMs: number): void {
    const since = this.#deps.now();
    const until = since + pauseMs;
    if (until > this.leftAloneUntil(url)) this.#receiver(url).pause = { since, until };
  }

  /** Until when it is to be left alone; 0 when it may be called. */
  leftAloneUntil(url: string): number {
    return endOfWait(this.#receiver(url).pause, this.#deps.now());
  }

  #receiver(url: string): Receiver {
    const known = this.#receivers.get(url);
    if (known) return known;
    const queue = new PQueue({ concurrency: this.#deps.concurrency });
    const receiver = { queue, health: HEALTHY_RECEIVER, pause: NO_WAIT };
    this.#receivers.set(url, receiver);
    return receiver;
  }
}
