import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS } from './node-flags.js';
import { eventually } from './waiting.js';

/** Settings that go over the service's defaults. */
export type ServiceSettings = Readonly<Record<string, unknown>>;

/** The folders that a service works in; they outlive it. */
export interface ServicePlace {
  readonly dataDir: string;
  readonly authDir: string;
  /** Its TMPDIR: what is in it was left by the service or by its browsers. */
  readonly tmpDir: string;
}

interface StartOptions {
  place: ServicePlace;
  /** Null lets the service look for one. */
  browserPath: string | null;
  port: number;
  apiKey: string;
  settings: ServiceSettings;
  /** Modules that Node loads before the service, as `--import` takes them. */
  preload: readonly string[];
}

/** `dist/main.js` as a process of its own. */
export interface ServiceProcess {
  readonly pid: number;
  readonly settings: ServiceSettings;
  /** False also when it ended by itself. */
  isRunning(): boolean;
  /** Resolves when it says that it is ready; rejects when it ended before or takes too long. */
  untilReady(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Sends the signal and resolves when the process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 45_000;

/** Starts the built service, without waiting until it is ready. What it writes goes into its data folder. */
export function spawnService(options: StartOptions): ServiceProcess {
  const { place, settings, port } = options;
  for (const folder of [place.dataDir, place.authDir, place.tmpDir]) mkdirSync(folder, { recursive: true });
  chmodSync(place.tmpDir, 0o1777);
  const configFile = join(place.dataDir, 'bench-config.json');
  writeFileSync(configFile, JSON.stringify({ log: { console: 'off', level: 'debug' }, ...settings }));
  const output = openSync(join(place.dataDir, 'output.log'), 'a');
  const main = fileURLToPath(new URL('../../../main.js', import.meta.url));
  const preload = options.preload.flatMap((file) => ['--import', file]);
  const child = spawn(process.execPath, [...NODE_FLAGS, ...preload, main], {
    env: {
      ...process.env,
      WAKEFUL_HOST: '127.0.0.1',
      WAKEFUL_PORT: String(port),
      WAKEFUL_API_KEY: options.apiKey,
      WAKEFUL_DATA_DIR: place.dataDir,
      WAKEFUL_AUTH_DIR: place.authDir,
      WAKEFUL_CONFIG: configFile,
      CHROME_PATH: options.browserPath ?? '',
      ...(options.browserPath === null ? { PUPPETEER_EXECUTABLE_PATH: '' } : {}),
      TMPDIR: place.tmpDir,
    },
    stdio: ['ignore', output, output],
    // Ctrl-C in the terminal goes to the runner alone, which then ends everything in order.
    detached: true,
  });
  // The child has its own; ours would keep a disk busy that is to be unmounted.
  closeSync(output);
  return {
    pid: child.pid ?? 0,
    settings,
    isRunning: () => isRunning(child),
    untilReady: () => untilReady(child, options),
    signal: (signal) => void child.kill(signal),
    end: (signal) => endProcess(child, signal),
  };
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function untilReady(child: ChildProcess, { place, port }: StartOptions): Promise<void> {
  const isReady = async () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}: see ${place.dataDir}`);
    return (await fetch(`http://127.0.0.1:${port}/ready`).catch(() => null))?.ok ?? false;
  };
  const ready = await eventually(READY_WITHIN_MS, isReady);
  if (ready === null) {
    child.kill('SIGKILL');
    throw new Error(`the service was not ready within ${READY_WITHIN_MS / 1000} s: see ${place.dataDir}`);
  }
}

async function endProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const hard = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS);
  await gone;
  clearTimeout(hard);
}
