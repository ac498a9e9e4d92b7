import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../domain/ports.js';
import type { FoundBrowser } from '../chromium/browser-finder.js';
import { type BrowserUser, browserUser, letPass } from '../chromium/browser-user.js';
import { type BrowserSettings, launchOptions } from '../chromium/launch-options.js';
import { tryStart, wordsWithCause } from './trial-start.js';

/** How a browser is kept from the rest of the machine. */
export interface Confinement {
  sandbox: boolean;
  /** Whom it runs as; null for the service's own user. */
  user: BrowserUser | null;
  /** Why the sandbox is off; null when it is on. */
  why: string | null;
}

interface ConfinementOptions {
  settings: BrowserSettings;
  authDir: string;
  isRoot: boolean;
  clock: Clock;
}

/** Says how this browser is confined. Never rejects; `auto` looks by a trial start, once a boot. */
export type Confine = (browser: FoundBrowser) => Promise<Confinement>;

const TRIAL_PROFILE = 'sandbox-trial';
const RESULT_FILE = 'sandbox-trial.json';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const off = (why: string): Confinement => ({ sandbox: false, user: null, why });

export function createConfine(options: ConfinementOptions): Confine {
  const known = new Map<string, Promise<Confinement>>();
  return (browser) => {
    const found = known.get(browser.path) ?? confine(browser, options);
    known.set(browser.path, found);
    return found;
  };
}

async function confine(browser: FoundBrowser, options: ConfinementOptions): Promise<Confinement> {
  const { settings, authDir, isRoot } = options;
  if (settings.extraArgs.includes('--no-sandbox')) return off('browser.extraArgs says so');
  if (settings.sandbox === 'off') return off('browser.sandbox says so');
  const isSure = settings.sandbox === 'on';
  // Only Linux has a sandbox that a system can refuse, and that root cannot have.
  if (process.platform !== 'linux') return { sandbox: true, user: null, why: null };
  try {
    const user = isRoot ? await browserUser(settings.user) : null;
    if (isRoot && user === null) {
      return isSure ? { sandbox: true, user, why: null } : off('root cannot have it, and browser.user is off');
    }
    if (user !== null) await letPass(authDir, user);
    if (!isSure) await requireSandbox(browser, user, options);
    return { sandbox: true, user, why: null };
  } catch (error) {
    return isSure ? { sandbox: true, user: null, why: null } : off(firstLines(error));
  }
}

/** Rejects when a browser does not start with its sandbox here, as in many containers. */
async function requireSandbox(browser: FoundBrowser, user: BrowserUser | null, options: ConfinementOptions) {
  const { settings, authDir, clock } = options;
  const profile = join(authDir, TRIAL_PROFILE);
  const result = join(authDir, RESULT_FILE);
  const subject = await subjectOf(browser, user, authDir);
  // A failure is not kept: whoever mends it wants the next start to find that.
  if ((await readFile(result, 'utf8').catch(() => null)) === subject) return;
  await rm(profile, { recursive: true, force: true });
  await mkdir(profile, { recursive: true, mode: 0o700 });
  try {
    const context = { browser, userDataDir: profile, proxy: null, confinement: { sandbox: true, user } };
    await tryStart(launchOptions(settings, context), clock);
    await writeFile(result, subject, { mode: 0o600 });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const WORDS = 300;

function firstLines(error: unknown): string {
  return wordsWithCause(error).replaceAll(/\s+/g, ' ').slice(0, WORDS);
}

/**
 * What a result holds for: this program, this user, this boot with its settings of the kernel, and this place, which the user
 * must be able to reach: moved below a folder of root alone, no browser of another user would ever start.
 */
async function subjectOf({ path }: FoundBrowser, user: BrowserUser | null, authDir: string): Promise<string> {
  const [{ mtimeMs, size }, bootId] = await Promise.all([stat(path), readFile(BOOT_ID, 'utf8').catch(() => '')]);
  const uid = user?.uid ?? process.getuid?.();
  return JSON.stringify({ path, mtimeMs, size, uid, bootId: bootId.trim(), authDir });
}
