import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { CDPSession } from 'puppeteer';
import { probe } from '../../../src/adapters/wwebjs/probe.js';

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
    expect(await probe({ page, browser, timeoutMs: 30 })).toMatchObject({
      pageAnswered: true,
      browserAnswered: true,
      socketState: 'CONNECTED',
      injected: true,
      voided: false,
    });
  });

  test('tells a hung page from a hung browser', async () => {
    expect(await probe({ page: silent, browser: alive, timeoutMs: 30 })).toMatchObject({
      pageAnswered: false,
      browserAnswered: true,
      voided: false,
    });
    expect(await probe({ page: silent, browser: silent, timeoutMs: 30 })).toMatchObject({
      pageAnswered: false,
      browserAnswered: false,
    });
  });

  test('takes a page that is being replaced for one that answers', async () => {
    const page = line(async () => {
      throw new Error('Execution context was destroyed.');
    });
    expect(await probe({ page, browser: alive, timeoutMs: 30 })).toMatchObject({ pageAnswered: true, injected: false });
  });

  test('takes an answer that is none for a page without its program', async () => {
    const page = line(async () => ({ result: { type: 'undefined' } }));
    expect(await probe({ page, browser: alive, timeoutMs: 30 })).toMatchObject({ pageAnswered: true, injected: false });
  });

  test('proves nothing by silence while our own event loop stood still', async () => {
    const page = line(async () => {
      await pause(10);
      const until = performance.now() + 1300;
      while (performance.now() < until);
      await pause(50);
      throw new Error('Runtime.evaluate timed out.');
    });
    expect(await probe({ page, browser: silent, timeoutMs: 5000 })).toMatchObject({
      pageAnswered: false,
      voided: true,
    });
  });
});
