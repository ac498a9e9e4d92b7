import { ClientError, type Clock } from '../../domain/ports.js';
import type { Launch } from '../chromium/launch-options.js';
import { endProcessGroup } from '../chromium/process-group.js';
import { type BrowserProcess, startBrowser } from './browser-process.js';
import { withDeadline } from './deadline.js';
import { wordsOf } from './failure.js';

const START_LIMIT_MS = 30_000;
const TERMINATE_MS = 3_000;

/** Starts a browser until it shows an empty page, and ends it. Rejects with what it says of itself when it does not start. */
export async function tryStart(launch: Launch, clock: Clock): Promise<void> {
  const process = await startBrowser(launch);
  try {
    const limits = { timeoutMs: START_LIMIT_MS, reason: 'launch_failed', doing: 'The start of the browser' } as const;
    // What it wrote before it ended says more than the connection that broke.
    const ended = process.exited.then((exit) => Promise.reject(process.failure(exit)));
    await withDeadline(Promise.race([openBlank(process), ended]), limits);
  } finally {
    await endProcessGroup(process.pid, { clock, terminateMs: TERMINATE_MS });
  }
}

/** What was thrown, and below it what that came from. */
export function wordsWithCause(error: unknown): string {
  const cause = error instanceof ClientError && error.cause !== undefined ? `\n${wordsOf(error.cause)}` : '';
  return `${wordsOf(error)}${cause}`;
}

async function openBlank(process: BrowserProcess): Promise<void> {
  const { page } = await process.connect();
  await page.goto('about:blank');
}
