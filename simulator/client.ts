import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Fault } from './fault.js';
import type { AccountView, SentMessage } from './server/account.js';
import type { IncomingMessage, OwnMessage } from './server/phone.js';
import type { SimulatorSettings } from './settings.js';

export type { Fault } from './fault.js';
export type { AccountView, SentMessage } from './server/account.js';
export type { IncomingMessage } from './server/phone.js';
export { BUILD_AFTER, BUILD_BEFORE, type SimulatorSettings } from './settings.js';

/** Phones, the outside world and mishaps, by their HTTP API. Every call rejects with a SimulatorError on refusal. */
export interface SimulatorClient {
  /** The phone of this number scans a QR text, the same that whatsapp-web.js emits. `qr-expired` when nobody shows it. */
  scanQr(qr: string, phoneNumber: string): Promise<void>;
  enterPairingCode(code: string, phoneNumber: string): Promise<void>;
  /** The phone removes its linked device. */
  unlink(phoneNumber: string): Promise<void>;
  /** Somebody, `message.from`, writes to the account `to`. */
  deliver(to: string, message: IncomingMessage): Promise<{ id: string }>;
  /** The owner of the account writes on the phone. */
  writeOnPhone(from: string, message: OwnMessage): Promise<{ id: string }>;
  react(to: string, reaction: { from: string; messageId: string; emoji: string }): Promise<void>;
  editMessage(to: string, edit: { messageId: string; body: string }): Promise<void>;
  revokeMessage(to: string, messageId: string): Promise<void>;
  /** What the account's device sent, in order. */
  sent(phoneNumber: string): Promise<SentMessage[]>;
  /** sameId: receipts of one id beyond the first; sameBody: other ids with the same receiver and text. */
  duplicates(phoneNumber?: string): Promise<{ sameId: number; sameBody: number }>;
  accounts(): Promise<AccountView[]>;
  /** An empty patch reads them. */
  settings(patch: Partial<SimulatorSettings>): Promise<SimulatorSettings>;
  /** Target is a phone number, or `*` for everybody. Resolves with how many pages it struck at once. */
  fault(target: string, fault: Fault): Promise<{ struck: number }>;
  clearFaults(target?: string): Promise<void>;
  /** No accounts, no faults, default settings. */
  reset(): Promise<void>;
}

export interface Simulator {
  readonly pageUrl: string;
  readonly controlUrl: string;
  /** To be used as a browser: for it, web.whatsapp.com is the simulator. */
  readonly browserWrapper: string;
  /** The same for a browser of your choice: arguments to start it with. */
  readonly browserArgs: readonly string[];
  readonly pid: number;
  readonly client: SimulatorClient;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** Work folder; accounts in it are found again. A temporary one when left out. */
  readonly dir?: string;
  readonly port?: number;
  readonly controlPort?: number;
  readonly settings?: Partial<SimulatorSettings>;
}

/** A refusal by the control API; `code` as in its answer. */
export class SimulatorError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.name = 'SimulatorError';
    this.code = code;
    this.status = status;
  }
}

export function connectSimulator(controlUrl: string): SimulatorClient {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(new URL(path, controlUrl), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer;
    const { code, detail, title } = answer as { code?: string; detail?: string; title?: string };
    throw new SimulatorError(code ?? 'unknown', response.status, detail ?? title ?? `${method} ${path} failed`);
  }
  const done = async (promise: Promise<unknown>): Promise<void> => void (await promise);

  return {
    scanQr: (qr, phoneNumber) => done(call('POST', '/qr', { qr, phoneNumber })),
    enterPairingCode: (code, phoneNumber) => done(call('POST', '/pairing-code', { code, phoneNumber })),
    unlink: (phoneNumber) => done(call('POST', `/accounts/${phoneNumber}/unlink`)),
    deliver: async (to, message) => (await call('POST', `/accounts/${to}/messages`, message)) as { id: string },
    writeOnPhone: async (from, message) =>
      (await call('POST', `/accounts/${from}/own-messages`, message)) as { id: string },
    react: (to, reaction) => done(call('POST', `/accounts/${to}/reactions`, reaction)),
    editMessage: (to, edit) => done(call('POST', `/accounts/${to}/edits`, edit)),
    revokeMessage: (to, messageId) => done(call('POST', `/accounts/${to}/revocations`, { messageId })),
    sent: async (phoneNumber) => (await call('GET', `/accounts/${phoneNumber}/sent`)) as SentMessage[],
    duplicates: async (phoneNumber) => {
      const query = phoneNumber === undefined ? '' : `?phoneNumber=${phoneNumber}`;
      return (await call('GET', `/duplicates${query}`)) as { sameId: number; sameBody: number };
    },
    accounts: async () => (await call('GET', '/accounts')) as AccountView[],
    settings: async (patch) => (await call('PATCH', '/settings', patch)) as SimulatorSettings,
    fault: async (target, fault) => (await call('POST', '/faults', { target, fault })) as { struck: number },
    clearFaults: (target) =>
      done(call('DELETE', target === undefined ? '/faults' : `/faults?target=${encodeURIComponent(target)}`)),
    reset: () => done(call('POST', '/reset')),
  };
}

/** The built program, found from the sources as well as from the build. */
function mainOfTheBuild(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json was not found above the simulator');
    folder = parent;
  }
  const main = join(folder, 'dist', 'tools', 'simulator', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: build first (npx tsc -p tsconfig.tools.json)`);
  return main;
}

type Told = Pick<Simulator, 'pageUrl' | 'controlUrl' | 'browserWrapper' | 'browserArgs'>;

function listening(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the simulator ended with ${String(code)} before it listened`)));
    if (child.stdout === null) return reject(new Error('the simulator has no stdout'));
    createInterface(child.stdout).once('line', (line) => {
      resolve(JSON.parse(line) as Told);
    });
  });
}

/** Starts the built simulator as a child process. */
export async function startSimulator(options: StartOptions = {}): Promise<Simulator> {
  const flags = [
    '--end-with-stdin',
    ...(options.dir === undefined ? [] : ['--dir', options.dir]),
    ...(options.port === undefined ? [] : ['--port', String(options.port)]),
    ...(options.controlPort === undefined ? [] : ['--control-port', String(options.controlPort)]),
  ];
  const child = spawn(process.execPath, [mainOfTheBuild(), ...flags], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Ctrl-C in a terminal strikes the whole group: WhatsApp must not go away before those who speak to it.
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const told = await listening(child);
  const client = connectSimulator(told.controlUrl);
  if (options.settings !== undefined) await client.settings(options.settings);
  return {
    ...told,
    pid: child.pid ?? 0,
    client,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
