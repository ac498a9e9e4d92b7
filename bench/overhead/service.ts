// The service as `dist/main.js` runs it, but with fake browsers; started by the runner, which asks it for figures.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { FakeBrowsers } from './fake-client.js';
import type { Figures, Order } from './figures.js';

/** Only what is used here of the modules that were built of `src`, which tools know by their address alone. */
interface Built {
  compose(
    config: unknown,
    options: { createClient: FakeBrowsers['create'] },
  ): Promise<{ start(): Promise<void>; stop(why: string): Promise<void> }>;
  loadConfig(env: NodeJS.ProcessEnv, cwd: string): unknown;
}

/** The histogram counts the time between two of its own ticks: what stands in it is never below this. */
const RESOLUTION_MS = 10;
const LOOK_EVERY_MS = 1000;
const NS_PER_MS = 1e6;
const US_PER_MS = 1e3;

const built = (module: string) => import(new URL(`../../../${module}`, import.meta.url).href);
const { compose, loadConfig }: Built = { ...(await built('compose.js')), ...(await built('config.js')) };

const browsers = new FakeBrowsers();
const service = await compose(loadConfig(process.env, process.cwd()), { createClient: browsers.create });

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
let began = { at: 0, cpu: process.cpuUsage() };
let used: Pick<Figures, 'lastedMs' | 'cpuMs'> = { lastedMs: 0, cpuMs: 0 };
let rssBytes: number[] = [];
let looking: NodeJS.Timeout | undefined;

let profiler: { session: Session; file: string } | null = null;

async function begin(cpuProfile: string | null): Promise<void> {
  rssBytes = [];
  if (cpuProfile !== null) {
    profiler = { session: new Session(), file: cpuProfile };
    profiler.session.connect();
    await profiler.session.post('Profiler.enable');
    await profiler.session.post('Profiler.start');
  }
  looking = setInterval(() => rssBytes.push(process.memoryUsage.rss()), LOOK_EVERY_MS);
  began = { at: performance.now(), cpu: process.cpuUsage() };
}

async function watchDelay(): Promise<void> {
  const { user, system } = process.cpuUsage(began.cpu);
  used = { lastedMs: performance.now() - began.at, cpuMs: (user + system) / US_PER_MS };
  if (profiler !== null) {
    const { profile } = await profiler.session.post('Profiler.stop');
    writeFileSync(profiler.file, JSON.stringify(profile));
  }
  delay.enable();
  delay.reset();
}

function end(): Figures {
  delay.disable();
  clearInterval(looking);
  const rssNow = process.memoryUsage.rss();
  // The runner gives Node the flag for it.
  globalThis.gc?.();
  return {
    ...used,
    rssBytes: Math.max(...rssBytes, rssNow),
    heapBytes: process.memoryUsage().heapUsed,
    delayMs: {
      p50: delay.percentile(50) / NS_PER_MS,
      p99: delay.percentile(99) / NS_PER_MS,
      max: delay.max / NS_PER_MS,
    },
  };
}

process.on('message', (order: Order) => {
  if (order.type === 'write') browsers.write(order.sessionId, order.customer);
  else if (order.type === 'begin') void begin(order.cpuProfile);
  else if (order.type === 'watchDelay') void watchDelay();
  else process.send?.(end());
});
process.once('SIGTERM', () => void service.stop('SIGTERM').then(() => process.exit(0)));
await service.start();
