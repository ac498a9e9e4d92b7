import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.js';
import { NODE_FLAGS } from '../support/node-flags.js';
import { ServiceApi } from '../support/service-api.js';
import { mustHappen } from '../support/waiting.js';
import type { Figures, Order } from './figures.js';

const CONNECTED_WITHIN_MS = 300_000;
/** A look at the metrics of a thousand sessions is no small matter for the service. */
export const LOOK_EVERY_MS = 500;
const LOGIN = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
/** A thousand real browsers would not start in a minute; without this the fake ones would not, either. */
const SETTINGS = { log: { console: 'off' }, fleet: { startsPerMinute: null, maxConcurrentStarts: 20 } };

/** The service with fake browsers, in a process and a folder of its own. */
export interface Fleet {
  readonly sessionIds: readonly string[];
  readonly api: ServiceApi;
  /** Where its data, logs and output are. */
  readonly folder: string;
  /** From the start of the process until all were connected. */
  readonly connectedMs: number;
  /** A customer writes to a session. */
  write(sessionId: string, customer: string): void;
  /** `cpuProfile`: a file to write one to. */
  begin(cpuProfile: string | null): void;
  /** Ends the processor time that counts; from now on the delay of the event loop does. */
  watchDelay(): void;
  /** What was used since `begin`. */
  end(): Promise<Figures>;
  /** The sums of metrics over their labels, as Prometheus would read them; in the order of the names. */
  counts(...metrics: string[]): Promise<number[]>;
  /** Ends it; resolves when the process is gone. */
  close(keep: boolean): Promise<void>;
}

/** Starts it on a folder with so many linked profiles; resolves when all are connected. */
export async function openFleet(sessions: number): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'wakeful-overhead-'));
  const sessionIds = Array.from({ length: sessions }, (_, index) => `s${index + 1}`);
  // A profile with something that can be a login is adopted and connected.
  for (const id of sessionIds) mkdirSync(join(folder, 'profiles', `session-${id}`, LOGIN), { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(SETTINGS));
  const [port, apiKey] = [await freePort(), `bench_${randomBytes(12).toString('hex')}`];
  const output = openSync(join(folder, 'output.log'), 'a');
  const startedAt = Date.now();
  const child = fork(fileURLToPath(new URL('./service.js', import.meta.url)), {
    env: {
      ...process.env,
      WAKEFUL_HOST: '127.0.0.1',
      WAKEFUL_PORT: String(port),
      WAKEFUL_API_KEY: apiKey,
      WAKEFUL_DATA_DIR: join(folder, 'data'),
      WAKEFUL_AUTH_DIR: join(folder, 'profiles'),
      WAKEFUL_CONFIG: join(folder, 'config.json'),
    },
    // Garbage is collected when the figures are taken.
    execArgv: [...process.execArgv, ...NODE_FLAGS, '--expose-gc'],
    stdio: ['ignore', output, output, 'ipc'],
    // Ctrl-C in the terminal goes to the runner alone, which then ends everything in order.
    detached: true,
  });
  closeSync(output);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const order = (one: Order) => void child.send(one);
  const api = new ServiceApi(`http://127.0.0.1:${port}`, apiKey, { keepAlive: true });

  const counts = async (...metrics: string[]) => {
    const lines = (await api.text('/metrics')).split('\n');
    return metrics.map((metric) =>
      lines
        .filter((line) => line.startsWith(`${metric} `) || line.startsWith(`${metric}{`))
        .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0),
    );
  };
  const close = async (keep: boolean) => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await gone;
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    const areConnected = async () => {
      if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}: see ${folder}`);
      return (await counts('wakeful_session_up').catch(() => [0]))[0] === sessions;
    };
    await mustHappen(`${sessions} sessions are connected`, CONNECTED_WITHIN_MS, areConnected, LOOK_EVERY_MS);
  } catch (error) {
    await close(true);
    throw error;
  }
  return {
    ...{ sessionIds, api, folder, counts, close },
    connectedMs: Date.now() - startedAt,
    write: (sessionId, customer) => order({ type: 'write', sessionId, customer }),
    begin: (cpuProfile) => order({ type: 'begin', cpuProfile }),
    watchDelay: () => order({ type: 'watchDelay' }),
    end: () =>
      new Promise((resolve) => {
        child.once('message', (figures) => resolve(figures as Figures));
        order({ type: 'end' });
      }),
  };
}
