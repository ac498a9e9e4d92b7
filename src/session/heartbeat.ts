import { type Answer, type Pulse, pulseAfter, STEADY_PULSE } from '../domain/heartbeat.js';
import type { Clock } from '../domain/ports.js';

interface HeartbeatOptions {
  clock: Clock;
  /** In [0, 1): spreads the beats of many sessions. */
  random: () => number;
  keepAlive: { intervalMs: number | null };
  staleness: { afterMs: number; action: 'probe' | 'restart' };
  retryAfterMissMs: number;
  /** When something was last sent or received, milliseconds since 1970. */
  lastActivityAt: () => number;
  /** One question to WhatsApp's server and back. Never rejects. */
  ask: () => Promise<Answer>;
  /** WhatsApp does not answer, for the n-th time since it last did. */
  onSilence: (silences: number) => void;
  /** Nothing was sent or received for so long, and that alone is to be a reason. */
  onStale: () => void;
}

/**
 * Keeps the line of a quiet session warm, and finds one that is dead though its page believes in it. A session that
 * sends or receives needs neither: its traffic is proof enough.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #cancel: (() => void) | null = null;
  #round = 0;
  #pulse: Pulse = STEADY_PULSE;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Begins with a page that is connected. The silences before are remembered until somebody answers. */
  start(): void {
    this.stop();
    this.#pulse = { ...this.#pulse, misses: 0 };
    this.#schedule(this.#intervalMs * (0.5 + this.#options.random() / 2), this.#round);
  }

  stop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#cancel = null;
  }

  get #intervalMs(): number {
    const { keepAlive, staleness } = this.#options;
    return keepAlive.intervalMs ?? staleness.afterMs;
  }

  #schedule(delayMs: number, round: number): void {
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      void this.#beat(round);
    });
  }

  async #beat(round: number): Promise<void> {
    const { clock, random, lastActivityAt, staleness, ask, onSilence, onStale, retryAfterMissMs } = this.#options;
    const quietMs = clock.now() - lastActivityAt();
    if (staleness.action === 'restart' && quietMs >= staleness.afterMs) return onStale();
    const isQuiet = quietMs >= this.#intervalMs || this.#pulse.misses > 0;
    // The wall clock may be set back: never longer than the interval.
    if (!isQuiet) return this.#schedule(this.#intervalMs - Math.max(0, quietMs), round);
    const answer = await ask();
    if (round !== this.#round) return;
    const { pulse, isSilent } = pulseAfter(this.#pulse, answer);
    this.#pulse = pulse;
    const usualMs = this.#intervalMs * (0.95 + random() / 10);
    this.#schedule(pulse.misses > 0 ? retryAfterMissMs : usualMs, round);
    if (isSilent) onSilence(pulse.silences);
  }
}
