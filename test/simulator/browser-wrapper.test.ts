import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findRealBrowser, writeBrowserWrapper } from '../../simulator/server/browser-wrapper.js';

describe('B09 the browser wrapper', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wakeful-sim-test-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  it('starts the browser with web.whatsapp.com on the simulator, and hands its own arguments on', async () => {
    const browser = join(dir, "a browser's path");
    await writeFile(browser, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const wrapper = writeBrowserWrapper(dir, browser, 4711);
    const { stdout } = await promisify(execFile)(wrapper, ['--no-sandbox', 'about:blank page']);
    expect(stdout.trim().split('\n')).toEqual([
      '--host-resolver-rules=MAP web.whatsapp.com 127.0.0.1:4711, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--ip-address-space-overrides=127.0.0.1:4711=public',
      '--ignore-certificate-errors',
      '--no-sandbox',
      'about:blank page',
    ]);
    // Without exec the caller would hold the shell's process id.
    expect(await readFile(wrapper, 'utf8')).toMatch(/^exec /m);
  });

  it('never takes a wrapper for the real browser', async () => {
    const real = join(dir, 'real');
    await writeFile(real, '#!/bin/sh\n', { mode: 0o755 });
    const wrapper = writeBrowserWrapper(dir, real, 1);
    expect(findRealBrowser({ CHROME_PATH: wrapper, PUPPETEER_EXECUTABLE_PATH: real })).toBe(real);
  });

  it('prefers the browser that is named for it', async () => {
    const named = join(dir, 'named');
    await writeFile(named, '', { mode: 0o755 });
    expect(findRealBrowser({ WAKEFUL_SIM_BROWSER: named, CHROME_PATH: '/bin/sh' })).toBe(named);
  });
});
