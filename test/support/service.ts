import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import createClient, { type Client } from 'openapi-fetch';
import { NODE_FLAGS } from '../../bench/support/node-flags.js';
import type { paths } from '../../client/paths.js';
import type { SessionView } from '../../src/fleet/facade.js';
import { inBox, pidInBox } from './box.js';
import { launchProfile } from './launch-profile.js';
import { runningProcesses } from './processes.js';
import { until } from './until.js';

export const API_KEY = 'test-key-0123456789abcdef';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** `node dist/main.js` as its own process on a folder of its own, as a user would run it. */
export interface TestService {
  readonly url: string;
  readonly pid: number;
  /** Null while it runs. */
  readonly exitCode: number | null;
  readonly authDir: string;
  /** Every log line so far, parsed. */
  readonly log: readonly Record<string, unknown>[];
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>;
  /** The same in the types of the OpenAPI document. */
  readonly api: Client<paths>;
  session(id: string): Promise<SessionView>;
  /** Waits until the session has that status. */
  reaches(id: string, status: string, withinMs?: number): Promise<SessionView>;
  /** Sends the signal and resolves with exit code and time taken when the process is gone. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<{ code: number | null; tookMs: number }>;
}

interface Surroundings {
  /** As in a container of that name. */
  host?: string;
  /** More variables of the environment. */
  environment?: Record<string, string>;
}

/** A temporary folder that a test removes at its end. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  readonly dataDir = join(this.folder, 'data');
  readonly authDir = join(this.folder, 'profiles');
  readonly #services: TestService[] = [];

  constructor() {
    // As in a home of its own: the browsers of root run as another user, who passes through.
    chmodSync(this.folder, 0o711);
  }

  /** Starts the service on this folder, which looks for a browser itself when none is named; `settings` go over the defaults. */
  async start(
    browserPath: string | null,
    settings: Record<string, unknown> = {},
    surroundings: Surroundings = {},
  ): Promise<TestService> {
    const service = await startService(this, browserPath, settings, surroundings);
    this.#services.push(service);
    return service;
  }

  /** Ends what still runs and removes the folder. */
  async remove(): Promise<void> {
    for (const service of this.#services) await service.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

async function startService(
  place: Workplace,
  browserPath: string | null,
  settings: Record<string, unknown>,
  { host, environment }: Surroundings,
): Promise<TestService> {
  const configFile = join(place.folder, 'config.json');
  const browser = { ...launchProfile(), ...(settings.browser as object | undefined) };
  writeFileSync(configFile, JSON.stringify({ log: { console: 'json', level: 'debug' }, ...settings, browser }));
  const command = [process.execPath, ...NODE_FLAGS, 'dist/main.js'] as const;
  const [program, ...args] = host === undefined ? command : inBox(host, command);
  const child = spawn(program, args, {
    env: {
      ...process.env,
      WAKEFUL_PORT: '0',
      WAKEFUL_API_KEY: API_KEY,
      WAKEFUL_DATA_DIR: place.dataDir,
      WAKEFUL_AUTH_DIR: place.authDir,
      WAKEFUL_CONFIG: configFile,
      CHROME_PATH: browserPath ?? '',
      ...(browserPath === null ? { PUPPETEER_EXECUTABLE_PATH: '' } : {}),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { log, trouble } = collect(child);
  const url = await until('the API listens', 60_000, () => {
    if (child.exitCode !== null) throw new Error(`the service ended with ${child.exitCode}: ${trouble.join('\n')}`);
    return log.find(({ event }) => event === 'service.listening')?.address as string | undefined;
  });
  const call: TestService['call'] = async <T>(method: string, path: string, body?: unknown, headers = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const raw = Buffer.from(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(raw.toString()) : raw) as T,
    };
  };
  const pid = (host !== undefined && pidInBox(child.pid)) || (child.pid ?? 0);
  await until('the service is ready', 20_000, async () => (await call('GET', '/ready')).status === 200);
  const session = async (id: string) => (await call<SessionView>('GET', `/api/sessions/${id}`)).body;
  return {
    url,
    pid,
    get exitCode() {
      return child.exitCode;
    },
    authDir: place.authDir,
    log,
    call,
    api: createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${API_KEY}` } }),
    session,
    reaches: (id, status, withinMs = 30_000) =>
      until(`${id} is ${status}`, withinMs, async () => {
        const view = await session(id);
        return view.status === status && view;
      }),
    end: (signal) => end(child, pid, signal),
  };
}

function collect(child: ChildProcess): { log: Record<string, unknown>[]; trouble: string[] } {
  const log: Record<string, unknown>[] = [];
  const trouble: string[] = [];
  if (child.stdout && child.stderr) {
    createInterface(child.stdout).on('line', (line) => {
      try {
        log.push(JSON.parse(line) as Record<string, unknown>);
      } catch {
        trouble.push(line);
      }
    });
    createInterface(child.stderr).on('line', (line) => trouble.push(line));
  }
  return { log, trouble };
}

async function end(
  child: ChildProcess,
  pid: number,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; tookMs: number }> {
  const startedAt = Date.now();
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    // In a box only its first process gets the signal; it may have ended before the box has.
    if (pid === child.pid || runningProcesses().some((running) => running.pid === pid)) process.kill(pid, signal);
    await gone;
  }
  return { code: child.exitCode, tookMs: Date.now() - startedAt };
}
