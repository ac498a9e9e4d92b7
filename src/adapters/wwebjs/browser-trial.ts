import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserReading } from '../../domain/diagnosis.js';
import { ClientError, type Clock } from '../../domain/ports.js';
import { type FoundBrowser, findBrowser } from '../chromium/browser-finder.js';
import { type BrowserSettings, launchOptions } from '../chromium/launch-options.js';
import { endProcessGroup } from '../chromium/process-group.js';
import { startBrowser } from './browser-process.js';
import { withDeadline } from './deadline.js';
import { wordsOf } from './failure.js';

const VERSION_LIMIT_MS = 20_000;
const START_LIMIT_MS = 30_000;
const TERMINATE_MS = 3_000;

interface TrialOptions {
  settings: BrowserSettings & Parameters<typeof findBrowser>[0];
  clock: Clock;
  isRoot: boolean;
}

/**
 * Looks for the browser as a session would, and starts it once as one: headless, with the same flags and sandbox, on an
 * empty profile of its own. Resolves when it is gone again. Never rejects.
 */
export async function tryBrowser({ settings, clock, isRoot }: TrialOptions): Promise<BrowserReading> {
  let found: FoundBrowser | null;
  try {
    found = findBrowser(settings);
  } catch (error) {
    return { kind: 'missing', detail: wordsOf(error) };
  }
  if (found === null) return { kind: 'missing', detail: null };
  const { path } = found;
  const { version, output } = await versionOf(path);
  if (version === null) return { kind: 'broken', path, version, output };

  const profile = await mkdtemp(join(tmpdir(), 'wakeful-trial-'));
  try {
    const startedAt = clock.now();
    const launch = launchOptions(settings, { browser: found, userDataDir: profile, proxy: null, isRoot });
    const process = await startBrowser(launch.options);
    try {
      const limits = { timeoutMs: START_LIMIT_MS, reason: 'launch_failed', doing: 'The start of the browser' } as const;
      // What it wrote before it ended says more than the connection that broke.
      const ended = process.exited.then((exit) => Promise.reject(process.failure(exit)));
      await withDeadline(Promise.race([openBlank(process.connect()), ended]), limits);
      return { kind: 'runs', path, version, sandbox: launch.sandbox, isRoot, tookMs: clock.now() - startedAt };
    } finally {
      await endProcessGroup(process.pid, { clock, terminateMs: TERMINATE_MS });
    }
  } catch (error) {
    const cause = error instanceof ClientError && error.cause !== undefined ? `\n${wordsOf(error.cause)}` : '';
    return { kind: 'broken', path, version, output: `${wordsOf(error)}${cause}` };
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function openBlank(connecting: ReturnType<Awaited<ReturnType<typeof startBrowser>>['connect']>): Promise<void> {
  const { page } = await connecting;
  await page.goto('about:blank');
}

/** A file may be there and yet not run: libraries are missing, or it is a stub. */
function versionOf(path: string): Promise<{ version: string | null; output: string }> {
  return new Promise((resolve) => {
    const args = ['--headless', '--no-sandbox', '--version'];
    execFile(path, args, { timeout: VERSION_LIMIT_MS }, (error, stdout, stderr) => {
      const version = stdout.trim().split('\n').at(-1) ?? '';
      if (error === null && version !== '') return resolve({ version, output: '' });
      resolve({ version: null, output: stderr.trim() || (error?.message ?? 'it tells no version') });
    });
  });
}
