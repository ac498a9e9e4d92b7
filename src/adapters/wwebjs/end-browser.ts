import type { Browser } from 'puppeteer';
import type { Config } from '../../config.js';
import type { Clock } from '../../domain/ports.js';
import { endProcessGroup } from '../chromium/process-group.js';
import type { BrowserProcess } from './browser-process.js';
import { withDeadline } from './deadline.js';

interface EndOptions {
  /** The browser to ask first; null when there is nobody to ask. */
  browser: Browser | null;
  clock: Clock;
  deadlines: Pick<Config['deadlines'], 'closeMs' | 'terminateMs'>;
  /** Aborts when there is no time for politeness. */
  hurry: AbortSignal;
  ignored: (doing: string, error: unknown) => void;
}

const DOING = 'Closing the browser';

/** Clean close first, so that the profile is whole, then harder; resolves when no process of the browser lives. */
export async function endBrowser(process: BrowserProcess, options: EndOptions): Promise<void> {
  const { browser, clock, deadlines, hurry, ignored } = options;
  if (browser !== null && !hurry.aborted) {
    // Asks the browser and does not wait for its answer: what counts is that it ends.
    browser.close().catch((error: unknown) => ignored(DOING, error));
    const limits = { timeoutMs: deadlines.closeMs, signal: hurry, reason: 'browser_hung', doing: DOING } as const;
    await withDeadline(process.exited, limits).catch((error: unknown) => ignored(DOING, error));
  }
  await endProcessGroup(process.pid, { clock, terminateMs: deadlines.terminateMs, hurry });
  await process.exited;
}
