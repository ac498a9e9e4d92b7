import {
  judgeProbe,
  NO_SUSPICION,
  type ProbeHistory,
  type ProbeObservation,
  type ProbeVerdict,
} from '../domain/health.js';
import type { Clock } from '../domain/ports.js';

/** The last look at a session, as the API shows it. */
export interface HealthView {
  verdict: ProbeVerdict;
  checkedAt: number | null;
  latencyMs: number | null;
}

interface ProberOptions {
  clock: Clock;
  /** In [0, 1): spreads the probes of many sessions, also of those that a busy moment has brought together. */
  random: () => number;
  probeIntervalMs: number;
  retryAfterMissMs: number;
  missesForVerdict: number;
  /** One round trip, or null when there is no browser to ask. Never rejects. */
  probe: () => Promise<ProbeObservation | null>;
  onVerdict: (verdict: ProbeVerdict, observation: ProbeObservation) => void;
}

/** Looks at one browser every interval, soon again after a miss, and never twice at the same time. */
export class Prober {
  readonly #options: ProberOptions;
  #cancel: (() => void) | null = null;
  #round = 0;
  #history: ProbeHistory = NO_SUSPICION;
  #health: HealthView = { verdict: 'unknown', checkedAt: null, latencyMs: null };

  constructor(options: ProberOptions) {
    this.#options = options;
  }

  get health(): HealthView {
    return this.#health;
  }

  /** Begins anew with a browser that was just started; what the last one did is forgotten. */
  start(): void {
    this.stop();
    this.#history = NO_SUSPICION;
    const { probeIntervalMs, random } = this.#options;
    this.#schedule(probeIntervalMs * (0.5 + random() / 2), this.#round);
  }

  stop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(delayMs: number, round: number): void {
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      void this.#look(round);
    });
  }

  async #look(round: number): Promise<void> {
    const { clock, random, probe, onVerdict, missesForVerdict, probeIntervalMs, retryAfterMissMs } = this.#options;
    const observation = await probe();
    if (round !== this.#round) return;
    const usualMs = probeIntervalMs * (0.95 + random() / 10);
    if (observation === null) return this.#schedule(usualMs, round);
    const { verdict, history } = judgeProbe(this.#history, observation, missesForVerdict);
    this.#history = history;
    this.#health = { verdict, checkedAt: clock.now(), latencyMs: observation.latencyMs };
    this.#schedule(history.misses > 0 || observation.voided ? retryAfterMissMs : usualMs, round);
    onVerdict(verdict, observation);
  }
}
