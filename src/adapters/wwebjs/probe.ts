import { performance } from 'node:perf_hooks';
import type { CDPSession } from 'puppeteer';
import { z } from 'zod';
import type { ProbeObservation } from '../../domain/health.js';
import { standstillOf } from '../chromium/standstill.js';
import { isNavigation } from './failure.js';
import { watchLoop } from './loop-watch.js';
import { lookAtPage } from './page-watch.js';

const BROWSER_TIMEOUT_MS = 1000;
/** A renderer that was stopped does not answer; it is asked all the same, since it may not be the one of our page. */
const STOPPED_TIMEOUT_MS = 500;
/** A loop that stood still this long may have left an answer lying in the pipe. */
const STALL_MS = 1000;
const EXPRESSION = `(${lookAtPage})()`;

const lookSchema = z.object({
  result: z.object({ value: z.object({ socketState: z.string().nullable(), injected: z.boolean() }) }),
});

interface Subject {
  pid: number;
  page: CDPSession;
  browser: CDPSession;
  timeoutMs: number;
}

const SILENT = { pageAnswered: false, browserAnswered: false, socketState: null, injected: false };

/** What a probe sees when there is no browser, or one that is stopped. */
export const NOTHING_THERE: ProbeObservation = { ...SILENT, voided: false, latencyMs: 0 };

/**
 * One look: a raw evaluation in the page, and the browser only when the page is silent. Whom the system knows to be
 * stopped is not waited for. Never rejects.
 */
export async function probe({ pid, page, browser, timeoutMs }: Subject): Promise<ProbeObservation> {
  const standstill = standstillOf(pid);
  if (standstill === 'browser') return NOTHING_THERE;
  const startedAt = performance.now();
  const loop = watchLoop();
  const seen = await lookAt(page, standstill === null ? timeoutMs : Math.min(timeoutMs, STOPPED_TIMEOUT_MS));
  const latencyMs = Math.round(performance.now() - startedAt);
  const browserAnswered = seen !== null || (await answers(browser));
  const { standstillMs } = loop.stop();
  if (seen !== null) return { ...SILENT, ...seen, pageAnswered: true, browserAnswered, voided: false, latencyMs };
  return { ...SILENT, browserAnswered, voided: standstillMs > STALL_MS, latencyMs };
}

async function lookAt(
  page: CDPSession,
  timeoutMs: number,
): Promise<{ socketState: string | null; injected: boolean } | null> {
  try {
    const answer = await page.send(
      'Runtime.evaluate',
      { expression: EXPRESSION, returnByValue: true },
      { timeout: timeoutMs },
    );
    const look = lookSchema.safeParse(answer);
    return look.success ? look.data.result.value : { socketState: null, injected: false };
  } catch (error) {
    // A page that is just being replaced is not a page that hangs.
    return isNavigation(error) ? { socketState: null, injected: false } : null;
  }
}

async function answers(browser: CDPSession): Promise<boolean> {
  try {
    await browser.send('Browser.getVersion', undefined, { timeout: BROWSER_TIMEOUT_MS });
    return true;
  } catch {
    return false;
  }
}
