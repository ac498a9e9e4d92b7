import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { Readable, Writable } from 'node:stream';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { ClientError } from '../../domain/ports.js';
import { type BrowserUser, giveProfile, takeProfile } from '../chromium/browser-user.js';
import type { Launch } from '../chromium/launch-options.js';
import { clientError, exitError } from './failure.js';
import { PipeTransport } from './pipe-transport.js';

export interface BrowserExit {
  code: number | null;
  signal: string | null;
}

/** A browser process of ours, known by its pid from the first moment on. It leads its process group. */
export interface BrowserProcess {
  pid: number;
  exited: Promise<BrowserExit>;
  /** The error that says why it ended. */
  failure(exit: BrowserExit): ClientError;
  /** Speaks to it; rejects with ClientError when it never answers sensibly or ends meanwhile. */
  connect(): Promise<{ browser: Browser; page: Page }>;
}

const KEPT_OUTPUT_CHARACTERS = 2000;
const FIRST_PAGE_MS = 15_000;
/** Broken calls come a moment before the exit that explains them. */
const EXIT_GRACE_MS = 500;

/**
 * Starts the browser on its profile, which is made when it is not there and given to the browser's user, with puppeteer's own arguments. Not through `puppeteer.launch`: that tells the pid only after
 * success, and over a pipe neither the exit code (21: the profile is in use) nor what the browser wrote.
 * Rejects with ClientError `launch_failed` when the program cannot be run.
 */
export async function startBrowser({ options, user }: Pick<Launch, 'options' | 'user'>): Promise<BrowserProcess> {
  await mkdir(options.userDataDir, { recursive: true, mode: 0o700 });
  await (user === null ? takeProfile(options.userDataDir) : giveProfile(options.userDataDir, user));
  // navigator.webdriver stays false, as whatsapp-web.js does it (Client.js 460).
  const args = [...(options.args ?? []), '--disable-blink-features=AutomationControlled'];
  const child = spawn(
    options.executablePath,
    [...puppeteer.defaultArgs({ ...options, args }), '--remote-debugging-pipe'],
    {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...ownEnvironment(), ...(user === null ? {} : homeIn(options.userDataDir)) },
      ...(user === null ? {} : idsOf(user)),
    },
  );
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS);
  });
  const exited = new Promise<BrowserExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      reject(new ClientError('launch_failed', `The browser ${options.executablePath} cannot be run.`, { cause }));
    });
  });
  child.on('error', () => undefined);

  const [toBrowser, fromBrowser] = [child.stdio[3], child.stdio[4]];
  const { pid } = child;
  if (pid === undefined || !(toBrowser instanceof Writable) || !(fromBrowser instanceof Readable)) {
    throw new ClientError('launch_failed', 'The browser was started without a pipe to speak to it.');
  }
  const transport = new PipeTransport(toBrowser, fromBrowser);
  const failure = ({ code, signal }: BrowserExit) => exitError(code, signal, output.trim());

  const started: BrowserProcess = {
    pid,
    exited,
    failure,
    async connect() {
      try {
        const browser = await puppeteer.connect({
          transport,
          defaultViewport: null,
          ...(options.protocolTimeout === undefined ? {} : { protocolTimeout: options.protocolTimeout }),
        });
        await browser.waitForTarget((target) => target.type() === 'page', { timeout: FIRST_PAGE_MS });
        const [page] = await browser.pages();
        return { browser, page: page ?? (await browser.newPage()) };
      } catch (error) {
        throw await explainFailure(started, clientError(error, 'launch_failed', 'Speaking to the browser'));
      }
    },
  };
  return started;
}

/** The error behind a failure: the exit of the browser says more than the broken calls that it leaves. */
export async function explainFailure(process: BrowserProcess | null, known: ClientError): Promise<ClientError> {
  if (process === null || known.reason !== 'browser_crashed') return known;
  const patience = new Promise<null>((resolve) => setTimeout(resolve, EXIT_GRACE_MS, null));
  const exit = await Promise.race([process.exited, patience]);
  return exit === null ? known : process.failure(exit);
}

const idsOf = ({ uid, gid }: BrowserUser) => ({ uid, gid });

/** The home of root is closed to others, and what Chromium leaves at home belongs to the profile anyway. */
const homeIn = (userDataDir: string): NodeJS.ProcessEnv => ({
  HOME: userDataDir,
  XDG_CACHE_HOME: undefined,
  XDG_CONFIG_HOME: undefined,
  XDG_RUNTIME_DIR: undefined,
});

/** Our environment without our own settings: the browser needs no API key. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WAKEFUL_')));
}
