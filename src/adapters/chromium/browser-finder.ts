import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Engine } from '../../domain/engine-record.js';
import { ClientError } from '../../domain/ports.js';

export interface FoundBrowser {
  path: string;
  engine: Engine;
}

interface FindOptions {
  /** The browser to run; null looks for one. */
  executablePath: string | null;
  /** `auto` prefers the headless shell; the others take nothing else. */
  engine: 'auto' | Engine;
  /** For `PUPPETEER_CACHE_DIR`; the environment of the process when left out. */
  env?: NodeJS.ProcessEnv;
}

// The set-up script looks at the same places, before anything is compiled.
const CANDIDATES_FILE = fileURLToPath(new URL('../../../config/browser-candidates.json', import.meta.url));
const candidatesSchema = z.record(
  z.string(),
  z.object({ 'headless-shell': z.array(z.string()), chromium: z.array(z.string()) }),
);

/**
 * The browser to run, null when this machine has none of this engine. Throws ClientError `browser_missing` when the
 * configured path is not an executable file: whoever names one does not want another in its place.
 */
export function findBrowser({ executablePath, engine, env = process.env }: FindOptions): FoundBrowser | null {
  if (executablePath !== null) return configuredBrowser(executablePath);
  const engines: readonly Engine[] = engine === 'auto' ? ['headless-shell', 'chromium'] : [engine];
  for (const wanted of engines) {
    const path = candidates(wanted, env).find(isExecutableFile);
    if (path !== undefined) return { path, engine: wanted };
  }
  return null;
}

function configuredBrowser(path: string): FoundBrowser {
  if (!isExecutableFile(path)) {
    const found = existsSync(path) ? 'it is not an executable file' : 'there is nothing';
    const detail = `The configured browser ${path} cannot be run: ${found}. Mend browser.executablePath or CHROME_PATH.`;
    throw new ClientError('browser_missing', detail);
  }
  return { path, engine: /headless[-_]shell/.test(basename(path)) ? 'headless-shell' : 'chromium' };
}

function candidates(engine: Engine, env: NodeJS.ProcessEnv): string[] {
  const byPlatform = candidatesSchema.parse(JSON.parse(readFileSync(CANDIDATES_FILE, 'utf8')));
  const puppeteerCache = env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer');
  const patterns = byPlatform[process.platform]?.[engine] ?? [];
  return patterns.flatMap((pattern) => expand(pattern.replace('{puppeteerCache}', puppeteerCache)));
}

/** Paths that a pattern with `*` for (a part of) a name stands for, highest version first. */
function expand(pattern: string): string[] {
  return pattern
    .split('/')
    .reduce<string[]>(
      (parents, part) => {
        if (!part.includes('*')) return parents.map((parent) => `${parent}${part}/`);
        const [before = '', after = ''] = part.split('*');
        return parents.flatMap((parent) =>
          namesIn(parent)
            .filter((name) => name.startsWith(before) && name.endsWith(after))
            .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
            .map((name) => `${parent}${name}/`),
        );
      },
      [''],
    )
    .map((path) => path.slice(0, -1));
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
