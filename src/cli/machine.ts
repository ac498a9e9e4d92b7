import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { createAvailableMemory } from '../adapters/available-memory.js';
import { orphanPids } from '../adapters/chromium/orphan-reaper.js';
import { sessionIdOfFolder } from '../adapters/chromium/session-folder.js';
import { createSystemClock } from '../adapters/clock.js';
import { readFolder } from '../adapters/folder-reading.js';
import { type MachineLimits, readLimits, sharedMemoryBytes } from '../adapters/machine-limits.js';
import { readPort } from '../adapters/port-reading.js';
import { troubleReaching } from '../adapters/whatsapp-reach.js';
import { tryBrowser } from '../adapters/wwebjs/browser-trial.js';
import type { Config } from '../config.js';
import type { BrowserReading, FolderReading, PortReading } from '../domain/diagnosis.js';

/** What can be told of this machine, service or not. Nothing of it rejects or changes anything that stays. */
export interface Machine {
  node(): { version: string; needed: string };
  browser(config: Pick<Config, 'authDir' | 'browser'>): Promise<BrowserReading>;
  sharedMemoryBytes(): Promise<number | null>;
  limits(): MachineLimits;
  availableMemoryBytes(): number | null;
  folder(path: string): Promise<FolderReading>;
  /** Profiles in the folder. */
  sessions(authDir: string): Promise<number>;
  port(host: string, port: number): Promise<PortReading>;
  troubleReachingWhatsApp(): Promise<string | null>;
  orphanPids(authDir: string): Promise<number[]>;
}

export function createMachine(): Machine {
  const isRoot = process.getuid?.() === 0;
  return {
    node: () => ({ version: process.versions.node, needed: neededNode() }),
    browser: ({ authDir, browser }) => tryBrowser({ settings: browser, authDir, isRoot, clock: createSystemClock() }),
    sharedMemoryBytes,
    limits: () => readLimits({ isRoot }),
    availableMemoryBytes: createAvailableMemory(),
    folder: readFolder,
    async sessions(authDir) {
      const names = await readdir(authDir).catch(() => []);
      return names.filter((name) => sessionIdOfFolder(name) !== null).length;
    },
    port: readPort,
    troubleReachingWhatsApp: troubleReaching,
    orphanPids,
  };
}

function neededNode(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return z.object({ engines: z.object({ node: z.string() }) }).parse(JSON.parse(manifest)).engines.node;
}
