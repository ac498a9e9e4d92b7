import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import puppeteer from 'puppeteer';
import { findBrowser } from '../../../src/adapters/chromium/browser-finder.js';
import { launchOptions } from '../../../src/adapters/chromium/launch-options.js';
import { commandLine, groupMembers } from '../../../src/adapters/chromium/process-tree.js';
import { until, Workshop } from './stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

let dir: string;
beforeEach(async () => {
  dir = await workshop.folder();
});

async function program(...parts: string[]): Promise<string> {
  const path = join(dir, ...parts);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
  return path;
}

describe('finding a browser', () => {
  test('takes the configured one and judges its engine by its name', async () => {
    const shell = await program('chrome-headless-shell');
    const chrome = await program('my-browser');
    expect(findBrowser({ executablePath: shell, engine: 'auto' })).toEqual({ path: shell, engine: 'headless-shell' });
    expect(findBrowser({ executablePath: chrome, engine: 'auto' })).toEqual({ path: chrome, engine: 'chromium' });
  });

  test('says what is wrong with the configured one and takes no other', async () => {
    await writeFile(join(dir, 'text'), '');
    for (const [path, why] of [
      [join(dir, 'nothing'), 'there is nothing'],
      [join(dir, 'text'), 'not an executable file'],
      [dir, 'not an executable file'],
    ] as const) {
      expect(() => findBrowser({ executablePath: path, engine: 'auto' })).toThrow(
        expect.objectContaining({ reason: 'browser_missing', message: expect.stringContaining(path) }),
      );
      expect(() => findBrowser({ executablePath: path, engine: 'auto' })).toThrow(why);
    }
  });

  test('finds one of this machine or of the cache of puppeteer, of the wanted engine', async () => {
    await program('chrome', 'linux-99.0.1', 'chrome-linux64', 'chrome');
    await program('chrome', 'linux-146.0.1', 'chrome-linux64', 'chrome');
    const env = { PUPPETEER_CACHE_DIR: dir };
    const found = findBrowser({ executablePath: null, engine: 'chromium', env });
    expect(found?.engine).toBe('chromium');
    if (found?.path.startsWith(dir)) expect(found.path).toContain('linux-146.0.1');
  });
});

// What the flags really come to can only be seen on a real one.
const browsers = (['headless-shell', 'chromium'] as const).flatMap(
  (engine) => findBrowser({ executablePath: null, engine }) ?? [],
);

describe('a real browser', () => {
  test.each(browsers)('$engine starts lean, shows a page, and takes every flag', async (browser) => {
    const { options } = launchOptions(
      { profile: 'lean', maxHeapMb: 700, extraArgs: ['--disable-features=Extra'] },
      {
        browser,
        userDataDir: join(dir, 'profile'),
        proxy: null,
        confinement: { sandbox: process.getuid?.() !== 0, user: null },
      },
    );
    const running = await puppeteer.launch(options);
    const pid = running.process()?.pid ?? 0;
    try {
      const [page] = await running.pages();
      await page?.goto('data:text/html,<title>up</title>');
      expect(await page?.title()).toBe('up');

      const args = commandLine(pid) ?? [];
      const only = (name: string) => {
        const values = args.filter((arg) => arg.startsWith(`--${name}=`));
        expect(values).toHaveLength(1);
        return values[0]?.slice(name.length + 3).split(',') ?? [];
      };
      expect(args[0]).toBe(browser.path);
      expect(args).toContain(`--user-data-dir=${join(dir, 'profile')}`);
      expect(args).toContain('--remote-debugging-pipe');
      expect(only('enable-features')).toContain('NetworkServiceInProcess2');
      expect(only('disable-features')).toEqual(expect.arrayContaining(['Translate', 'Extra']));
      if (browser.engine === 'chromium') expect(only('disable-features')).toContain('SpareRendererForSitePerProcess');
      expect(only('js-flags')).toEqual(['--max-semi-space-size=2 --max-old-space-size=700']);
      const limit = await page?.evaluate('performance.memory.jsHeapSizeLimit');
      expect(Math.round(Number(limit) / 2 ** 20)).toBeLessThan(800);

      const children = (await groupMembers(pid)).map((member) => commandLine(member.pid)?.join(' ') ?? '');
      expect(children.filter((line) => /--type=gpu-process|NetworkService /.test(line))).toEqual([]);
    } finally {
      await running.close();
    }
    await until(() => commandLine(pid) === null);
  });
});
