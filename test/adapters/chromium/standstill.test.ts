import { afterAll, describe, expect, test } from '@jest/globals';
import { descendants } from '../../../src/adapters/chromium/process-tree.js';
import { standstillOf } from '../../../src/adapters/chromium/standstill.js';
import { stop, until, Workshop } from './stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

describe('a standstill', () => {
  test('is none while everything runs', async () => {
    const { browser, zygote, helper, renderer } = await workshop.browserTree();
    expect(
      descendants(browser)
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([zygote, helper, renderer].sort());
    expect(standstillOf(browser)).toBeNull();
  });

  test('is the browser’s when it was stopped', async () => {
    const { browser } = await workshop.browserTree();
    await stop(browser);
    expect(standstillOf(browser)).toBe('browser');
  });

  test('is a renderer’s when one was stopped, and over when it goes on', async () => {
    const { browser, renderer } = await workshop.browserTree();
    await stop(renderer);
    expect(standstillOf(browser)).toBe('renderer');
    process.kill(renderer, 'SIGCONT');
    await until(() => standstillOf(browser) === null);
  });

  test('of a helper is none: the page goes on without it', async () => {
    const { browser, helper } = await workshop.browserTree();
    await stop(helper);
    expect(standstillOf(browser)).toBeNull();
  });

  test('is none of a browser that is gone', async () => {
    expect(standstillOf(await workshop.deadPid())).toBeNull();
  });
});
