import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ServiceRefusal } from '../support/service-api.js';
import { mustHappen, pause } from '../support/waiting.js';
import type { SizeReport } from './figures.js';
import { type Fleet, LOOK_EVERY_MS, openFleet } from './fleet.js';

/**
 * Work before anything is measured: every session has counted as stable (`health.stableAfterMs`), which each writes down
 * once, and V8 has compiled what runs often, which it does once in weeks of a service. At the usual pace that takes it
 * five minutes; so there is a rush first.
 */
const RUSH = { ms: 60_000, pace: 5 };
const CALM_MS = 30_000;
const WARM_UP_SHORT_MS = 2000;
/** The delay of the event loop is looked at for so much longer, as a part of the time that counts. */
const DELAY_SHARE = 1 / 3;
/** Half of the messages are received, half are sent; of both together each session has one a minute. */
const EACH_WAY_MS = 120_000;
/** As Prometheus does by default. */
const SCRAPE_MS = 15_000;
const DONE_WITHIN_MS = 20_000;
const CUSTOMERS_EACH = 5;

const RECEIVED = 'wakeful_messages_received_total';
const SENT = 'wakeful_messages_sent_total';
const PROBES = 'wakeful_probe_seconds_count';

interface Plan {
  readonly sessions: number;
  readonly seconds: number;
  readonly short: boolean;
  readonly keep: boolean;
  readonly cpuProfileDir: string | null;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Runs so many sessions for so long and gives what the service used. */
export async function measureSize({ sessions, seconds, short, keep, cpuProfileDir, say, signal }: Plan) {
  const fleet = await openFleet(sessions);
  try {
    const [rushMs, calmMs] = short ? [0, WARM_UP_SHORT_MS] : [RUSH.ms, CALM_MS];
    const connected = `${sessions} sessions are connected after ${(fleet.connectedMs / 1000).toFixed(1)} s`;
    say(`${connected}; now ${(rushMs + calmMs) / 1000} s to warm up and ${seconds} s that count`);
    const cpuProfile = cpuProfileDir === null ? null : join(cpuProfileDir, `overhead-${sessions}.cpuprofile`);
    return await work(fleet, { rushMs, calmMs, lengthMs: seconds * 1000, cpuProfile, signal });
  } finally {
    await fleet.close(keep);
    if (keep) say(`Logs are in ${fleet.folder}`);
  }
}

interface Work {
  readonly rushMs: number;
  readonly calmMs: number;
  readonly lengthMs: number;
  readonly cpuProfile: string | null;
  readonly signal: AbortSignal;
}

async function work(fleet: Fleet, { rushMs, calmMs, lengthMs, cpuProfile, signal }: Work): Promise<SizeReport> {
  const counts = async () => {
    const [received = 0, sent = 0, probes = 0] = await fleet.counts(RECEIVED, SENT, PROBES);
    return { received, sent, probes };
  };
  type Counts = Awaited<ReturnType<typeof counts>>;
  const since = (before: Counts, after: Counts): Counts => ({
    received: after.received - before.received,
    sent: after.sent - before.sent,
    probes: after.probes - before.probes,
  });
  const lasts = async (ms: number) => {
    for (const endAt = Date.now() + ms; Date.now() < endAt; await pause(100)) {
      if (signal.aborted) throw new Error('the run was stopped');
    }
  };
  const atFirst = await counts();
  const idle = monitorEventLoopDelay({ resolution: 10 });
  const rush = new Traffic(fleet, 'rush', RUSH.pace);
  let traffic = rush;
  const scrape = setInterval(() => void fleet.counts(RECEIVED), SCRAPE_MS);
  try {
    await lasts(rushMs);
    rush.stop();
    traffic = new Traffic(fleet, 'turn', 1);
    await lasts(calmMs);
    const before = await counts();
    fleet.begin(cpuProfile);
    await lasts(lengthMs);
    const meanwhile = since(before, await counts());
    fleet.watchDelay();
    idle.enable();
    await lasts(lengthMs * DELAY_SHARE);
    const figures = await fleet.end();
    idle.disable();
    traffic.stop();
    const written = rush.written + traffic.written;
    const accepted = (await rush.accepted()) + (await traffic.accepted());
    const settled = async () => {
      const all = since(atFirst, await counts());
      return all.received >= written && all.sent >= accepted && all;
    };
    const { received, sent } = await mustHappen(
      'every message is stored or sent',
      DONE_WITHIN_MS,
      settled,
      LOOK_EVERY_MS,
    );
    const { sessionIds, connectedMs } = fleet;
    return {
      ...{ ...figures, ...meanwhile, sessions: sessionIds.length, connectedMs },
      idleDelayP99Ms: idle.percentile(99) / 1e6,
      whole: { written, received, accepted, sent },
    };
  } finally {
    clearInterval(scrape);
    traffic.stop();
  }
}

/** Messages at an even pace, each session in its turn: one that a customer writes, then one that the API is given. */
class Traffic {
  readonly #fleet: Fleet;
  readonly #answers: Promise<boolean>[] = [];
  readonly #startedAt = Date.now();
  readonly #timer: NodeJS.Timeout;
  readonly #name: string;
  readonly #eachWayMs: number;
  #turns = 0;
  written = 0;

  /** `name` tells its messages from those of others; `pace`: so many times the usual one. */
  constructor(fleet: Fleet, name: string, pace: number) {
    this.#fleet = fleet;
    this.#name = name;
    this.#eachWayMs = EACH_WAY_MS / pace;
    this.#timer = setInterval(() => this.#catchUp(), this.#eachWayMs / fleet.sessionIds.length / 2);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** How many the API took. */
  async accepted(): Promise<number> {
    return (await Promise.all(this.#answers)).filter(Boolean).length;
  }

  /** A timer that comes late must not make the work less. */
  #catchUp(): void {
    const { sessionIds } = this.#fleet;
    const due = ((Date.now() - this.#startedAt) / this.#eachWayMs) * sessionIds.length * 2;
    for (; this.#turns < due; this.#turns += 1) this.#turn(this.#turns);
  }

  #turn(turn: number): void {
    const { sessionIds, api, write } = { ...this.#fleet };
    const nth = Math.floor(turn / 2);
    const id = sessionIds[nth % sessionIds.length] ?? '';
    const customer = `4915${String((nth % sessionIds.length) * 10 + (nth % CUSTOMERS_EACH)).padStart(9, '0')}`;
    if (turn % 2 === 0) {
      write(id, customer);
      this.written += 1;
      return;
    }
    const text = 'Yes, it is. We have kept it for you under your name, and see you on Saturday at eight.';
    const answer = api.send(id, { to: customer, text, key: `${this.#name}-${turn}` });
    this.#answers.push(
      answer.then(
        () => true,
        (error: unknown) => {
          if (error instanceof ServiceRefusal) return false;
          throw error;
        },
      ),
    );
  }
}
