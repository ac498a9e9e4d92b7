import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { CDPSession } from 'puppeteer';
import { probe } from '../../../src/adapters/wwebjs/probe.js';
import { stop, Workshop } from '../chromium/stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

/** A line to the browser that answers as told. */
function line(answer: (method: string) => Promise<unknown>): CDPSession {
  const session = Object.assign(new EventEmitter(), { send: answer });
  return session as unknown as CDPSession;
}

const look = (socketState: string | null, injected: boolean) => ({ result: { value: { socketState, injected } } });
const alive = line(async () => ({ product: 'Chrome' }));
const silent = line(async () => {
  await pause(30);
  throw new Error('Runtime.evaluate timed out.');
});

describe('a probe', () => {
  test('tells what the page says, and leaves the browser alone', async () => {
    const page = line(async () => look('CONNECTED', true));
    const browser = line(async () => {
      throw new Error('not asked');
    });
    expect(await probe({ pid: process.pid, page, browser, timeoutMs: 30 })).toMatchObject({
      pageAnswered: true,
      browserAnswered: true,
      socketState: 'CONNECTED',
      injected: true,
      voided: false,
    });
  });

  test('tells a hung page from a hung browser', async () => {
    expect(await probe({ pid: process.pid, page: silent, browser: alive, timeoutMs: 30 })).toMatchObject({
      pageAnswered: false,
      browserAnswered: true,
      voided: false,
    });
    expect(await probe({ pid: process.pid, page: silent, browser: silent, timeoutMs: 30 })).toMatchObject({
      pageAnswered: false,
      browserAnswered: false,
    });
  });

  test('waits for no answer of a browser that is stopped', async () => {
    const { browser } = await workshop.browserTree();
    await stop(browser);
    const unasked = line(() => new Promise(() => undefined));
    expect(await probe({ pid: browser, page: unasked, browser: unasked, timeoutMs: 30_000 })).toEqual({
      pageAnswered: false,
      browserAnswered: false,
      socketState: null,
      injected: false,
      voided: false,
      latencyMs: 0,
    });
  });

  test('waits only a moment for a page whose renderer is stopped', async () => {
    const { browser, renderer } = await workshop.browserTree();
    await stop(renderer);
    const deadlines: unknown[] = [];
    const page = Object.assign(new EventEmitter(), {
      send: async (_method: string, _params: unknown, { timeout }: { timeout: number }) => {
        deadlines.push(timeout);
        throw new Error('Runtime.evaluate timed out.');
      },
    }) as unknown as CDPSession;
    expect(await probe({ pid: browser, page, browser: alive, timeoutMs: 5000 })).toMatchObject({
      pageAnswered: false,
      browserAnswered: true,
      voided: false,
    });
    expect(deadlines).toEqual([500]);
  });

  test('believes a page that answers more than a renderer that is stopped', async () => {
    const { browser, renderer } = await workshop.browserTree();
    await stop(renderer);
    const page = line(async () => look('CONNECTED', true));
    expect(await probe({ pid: browser, page, browser: alive, timeoutMs: 5000 })).toMatchObject({ pageAnswered: true });
  });

  test('takes a page that is being replaced for one that answers', async () => {
    const page = line(async () => {
      throw new Error('Execution context was destroyed.');
    });
    expect(await probe({ pid: process.pid, page, browser: alive, timeoutMs: 30 })).toMatchObject({
      pageAnswered: true,
      injected: false,
    });
  });

  test('takes an answer that is none for a page without its program', async () => {
    const page = line(async () => ({ result: { type: 'undefined' } }));
    expect(await probe({ pid: process.pid, page, browser: alive, timeoutMs: 30 })).toMatchObject({
      pageAnswered: true,
      injected: false,
    });
  });

  test('proves nothing by silence while our own event loop stood still', async () => {
    const page = line(async () => {
      await pause(10);
      const until = performance.now() + 1300;
      while (performance.now() < until);
      await pause(50);
      throw new Error('Runtime.evaluate timed out.');
    });
    expect(await probe({ pid: process.pid, page, browser: silent, timeoutMs: 5000 })).toMatchObject({
      pageAnswered: false,
      voided: true,
    });
  });
});
