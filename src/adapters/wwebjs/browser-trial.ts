import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserReading } from '../../domain/diagnosis.js';
import type { Clock } from '../../domain/ports.js';
import { type FoundBrowser, findBrowser } from '../chromium/browser-finder.js';
import { type BrowserSettings, launchOptions } from '../chromium/launch-options.js';
import { createConfine } from './confinement.js';
import { wordsOf } from './failure.js';
import { tryStart, wordsWithCause } from './trial-start.js';

const VERSION_LIMIT_MS = 20_000;

interface TrialOptions {
  settings: BrowserSettings & Parameters<typeof findBrowser>[0];
  authDir: string;
  isRoot: boolean;
  clock: Clock;
}

/**
 * Looks for the browser as a session would, and starts it once as one: headless, with the same flags, sandbox and user, on
 * an empty profile of its own. Resolves when it is gone again. Never rejects.
 */
export async function tryBrowser({ settings, authDir, isRoot, clock }: TrialOptions): Promise<BrowserReading> {
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

  const folder = await mkdtemp(join(tmpdir(), 'wakeful-trial-'));
  try {
    await chmod(folder, 0o711);
    // Where the profiles are, another user may not get to. Whoever is no root has nothing to find out there.
    const place = isRoot && existsSync(authDir) ? authDir : folder;
    const confinement = await createConfine({ settings, authDir: place, isRoot, clock })(found);
    const userDataDir = join(folder, 'profile');
    const startedAt = clock.now();
    await tryStart(launchOptions(settings, { browser: found, userDataDir, proxy: null, confinement }), clock);
    const { sandbox, user, why } = confinement;
    return {
      kind: 'runs',
      path,
      version,
      engine: found.engine,
      sandbox,
      user: user?.name ?? null,
      why,
      tookMs: clock.now() - startedAt,
    };
  } catch (error) {
    return { kind: 'broken', path, version, output: wordsWithCause(error) };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
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
