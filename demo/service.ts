import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What the demo reads of a session; the whole of it is in the HTTP contract. */
export interface DemoSession {
  id: string;
  phoneNumber: string | null;
  status: string;
  reason: string;
  message: string;
  uptimeSeconds: number;
  browser: { pid: number; memoryBytes: number } | null;
}

export interface DemoEvent {
  seq: number;
  sessionId: string;
  at: number | string;
  event: string;
  message: string;
}

/** The real service as its own process, spoken to like by any other program. */
export interface Service {
  readonly url: string;
  readonly apiKey: string;
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 40_000;

interface ServiceOptions {
  folder: string;
  browserPath: string;
  apiKey: string;
  preferredPort: number;
}

/** Starts `dist/main.js` on a folder of its own and resolves when it is ready. */
export async function startService({ folder, browserPath, apiKey, preferredPort }: ServiceOptions): Promise<Service> {
  const port = await freePort(preferredPort);
  const main = fileURLToPath(new URL('../../main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      WAKEFUL_PORT: String(port),
      WAKEFUL_HOST: '127.0.0.1',
      WAKEFUL_API_KEY: apiKey,
      WAKEFUL_DATA_DIR: `${folder}/data`,
      WAKEFUL_AUTH_DIR: `${folder}/profiles`,
      WAKEFUL_CONFIG: `${folder}/config.json`,
      CHROME_PATH: browserPath,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
    // Ctrl-C in the terminal goes to the demo alone, which then ends everything in order.
    detached: true,
  });
  const url = `http://127.0.0.1:${port}`;
  const call = caller(url, apiKey);
  await untilReady(url, child);
  return { url, apiKey, call, stop: () => end(child) };
}

function caller(url: string, apiKey: string): Service['call'] {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer as T;
  };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const giveUpAt = Date.now() + READY_WITHIN_MS;
  while (Date.now() < giveUpAt) {
    if (child.exitCode !== null) throw new Error(`The service ended with code ${child.exitCode} before it was ready.`);
    const answer = await fetch(`${url}/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error(`The service was not ready within ${READY_WITHIN_MS / 1000} s.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await gone;
  clearTimeout(hard);
}

/** The port asked for, or any free one when somebody has it. */
function freePort(preferred: number): Promise<number> {
  const attempt = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const probe = createServer();
      probe.once('error', reject);
      probe.listen(port, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
      });
    });
  return attempt(preferred).catch(() => attempt(0));
}
