import type { LaunchOptions } from 'puppeteer';
import { ClientError } from '../../domain/ports.js';
import type { FoundBrowser } from './browser-finder.js';
import type { BrowserUser } from './browser-user.js';
import { type LaunchProfile, launchFlags } from './launch-flags.js';
import { parseProxy } from './proxy.js';

/** What the configuration says of flags. */
export interface FlagSettings {
  profile: LaunchProfile;
  /** Most that the JavaScript of the page may take, MB; null leaves it to Chromium. */
  maxHeapMb: number | null;
  extraArgs: readonly string[];
}

/** The browser part of the configuration. */
export interface BrowserSettings extends FlagSettings {
  sandbox: 'auto' | 'on' | 'off';
  /** Whom browsers run as when the service is root: `auto`, `off`, the name of an account or a number. */
  user: string;
}

export interface LaunchContext {
  browser: FoundBrowser;
  /** Absolute; from `ProfileKeeper.dir`, so that the proof of ownership finds the same letters again. */
  userDataDir: string;
  /** `scheme://user:password@host:port`, null for none. */
  proxy: string | null;
  /** Whether it gets its sandbox, and whom it runs as; null for the user of the service. */
  confinement: { sandbox: boolean; user: BrowserUser | null };
  /** How long the browser may take until it answers; puppeteer's 30 s when left out. */
  launchTimeoutMs?: number;
  /** The last resort for calls whose caller set no deadline; puppeteer's 180 s when left out. */
  protocolTimeoutMs?: number;
}

export interface Launch {
  /** For `puppeteer.launch`, which changes `args`: make new ones for every launch. */
  options: LaunchOptions & { executablePath: string; args: string[]; userDataDir: string };
  browser: FoundBrowser;
  /** Whom to start it as, which must own its profile; null for the user of the service. */
  user: BrowserUser | null;
  /** For `page.authenticate`; null when the proxy asks for nothing. */
  proxyAuthentication: { username: string; password: string } | null;
}

// Each would take from Wakeful what it relies on: the profile it locked, and the pipe that lets no browser outlive it.
const RESERVED = [
  '--user-data-dir',
  '--remote-debugging-port',
  '--remote-debugging-pipe',
  '--remote-debugging-address',
];
const JS_FLAGS = '--js-flags=';

/** How to start one browser. Throws ClientError `launch_failed` for a proxy or an extra flag that cannot work. */
export function launchOptions(settings: FlagSettings, context: LaunchContext): Launch {
  const { browser, userDataDir, confinement, launchTimeoutMs, protocolTimeoutMs } = context;
  requireNotReserved(settings.extraArgs);
  const proxy = context.proxy === null ? null : parseProxy(context.proxy);
  const args = [
    ...launchFlags(settings.profile, browser.engine),
    ...(confinement.sandbox ? [] : ['--no-sandbox']),
    ...(proxy === null ? [] : [`--proxy-server=${proxy.server}`]),
    ...(settings.maxHeapMb === null ? [] : [`${JS_FLAGS}--max-old-space-size=${settings.maxHeapMb}`]),
    ...settings.extraArgs,
  ];
  return {
    options: {
      executablePath: browser.path,
      headless: browser.engine === 'headless-shell' ? 'shell' : true,
      // Over the pipe Chromium ends by itself when this process is killed; over a websocket it would live on.
      pipe: true,
      args: joinJsFlags(args),
      userDataDir,
      // Puppeteer would kill the browsers on a signal before the service has drained.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ...(launchTimeoutMs === undefined ? {} : { timeout: launchTimeoutMs }),
      ...(protocolTimeoutMs === undefined ? {} : { protocolTimeout: protocolTimeoutMs }),
    },
    browser,
    user: confinement.user,
    proxyAuthentication: proxy?.authentication ?? null,
  };
}

function requireNotReserved(extraArgs: readonly string[]): void {
  const reserved = extraArgs.find((arg) => RESERVED.some((name) => isFlag(arg, name)));
  if (reserved === undefined) return;
  throw new ClientError('launch_failed', `browser.extraArgs must not hold ${reserved}: Wakeful sets this itself.`);
}

/** Chromium takes a flag with one dash as well. */
function isFlag(arg: string, name: string): boolean {
  const [given = ''] = arg.split('=');
  return given.replace(/^-+/, '') === name.replace(/^-+/, '');
}

/** Chromium takes only the last `--js-flags`; puppeteer joins the flags for features, but not these. */
function joinJsFlags(args: readonly string[]): string[] {
  const values = args.filter((arg) => arg.startsWith(JS_FLAGS)).map((arg) => arg.slice(JS_FLAGS.length));
  if (values.length < 2) return [...args];
  return [...args.filter((arg) => !arg.startsWith(JS_FLAGS)), `${JS_FLAGS}${values.join(' ')}`];
}
