import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { WebPageStore } from '../domain/store-ports.js';
import { errorCode } from './chromium/process-tree.js';

const SUFFIX = '.html';
const HELD_FILE = 'held.json';
/** As WhatsApp Web names itself, such as 2.3000.1042401057; it becomes the name of a file. */
const VERSION = /^\d[\w.-]{0,63}$/;

const heldSchema = z.object({
  mode: z.literal('held'),
  bad: z.string().nullable(),
  on: z.string().regex(VERSION),
  since: z.number(),
  retryAt: z.number(),
});

interface WebPageStoreOptions {
  dir: string;
  /** Pages that are kept; the ones that worked longest ago go first. */
  keepVersions: number;
}

/** Pages of WhatsApp Web as files `<version>.html` in one folder, the time of a file says when it worked last. */
export function createWebPageStore({ dir, keepVersions }: WebPageStoreOptions): WebPageStore {
  const fileOf = (version: string) => join(dir, `${version}${SUFFIX}`);

  function versions(): string[] {
    const found = readdirIfThere(dir)
      .filter((name) => name.endsWith(SUFFIX) && VERSION.test(basename(name, SUFFIX)))
      .map((name) => ({ version: basename(name, SUFFIX), workedAt: statSync(join(dir, name)).mtimeMs }));
    return found.toSorted((a, b) => b.workedAt - a.workedAt).map(({ version }) => version);
  }

  /** A page that is half written would be taken for a good one. */
  function replace(file: string, text: string): void {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    chmodSync(dir, 0o700);
    const draft = `${file}.draft`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  }

  return {
    versions,

    placeOf: fileOf,

    read: (version) => (VERSION.test(version) ? readIfThere(fileOf(version)) : null),

    worked(version, html, at) {
      if (!VERSION.test(version)) return false;
      const isKnown = versions().includes(version);
      if (!isKnown && html === null) return false;
      if (!isKnown) replace(fileOf(version), html ?? '');
      const seconds = at / 1000;
      utimesSync(fileOf(version), seconds, seconds);
      for (const old of versions().slice(keepVersions)) rmSync(fileOf(old), { force: true });
      return !isKnown;
    },

    forget(version) {
      if (VERSION.test(version)) rmSync(fileOf(version), { force: true });
    },

    held() {
      const text = readIfThere(join(dir, HELD_FILE));
      if (text === null) return null;
      const held = heldSchema.safeParse(jsonOrNull(text));
      return held.success ? { ...held.data, canary: null, failures: 0 } : null;
    },

    saveHeld(held) {
      const file = join(dir, HELD_FILE);
      if (held === null) return rmSync(file, { force: true });
      const { mode, bad, on, since, retryAt } = held;
      replace(file, JSON.stringify({ mode, bad, on, since, retryAt }));
    },
  };
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function readdirIfThere(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
