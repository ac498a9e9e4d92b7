import { describe, expect, test } from '@jest/globals';
import { LAUNCH_FLAGS, launchFlags } from '../../../src/adapters/chromium/launch-flags.js';
import { launchOptions } from '../../../src/adapters/chromium/launch-options.js';
import { parseProxy } from '../../../src/adapters/chromium/proxy.js';

const settings = { profile: 'lean', maxHeapMb: null, extraArgs: [] } as const;
const context = {
  browser: { path: '/usr/lib/chromium/chromium-headless-shell', engine: 'headless-shell' },
  userDataDir: '/p/session-sales',
  proxy: null,
  confinement: { sandbox: true, user: null },
} as const;

describe('R09 launch options', () => {
  test('hold the pipe, leave the signals to the service and name the profile', () => {
    expect(launchOptions(settings, context).options).toMatchObject({
      executablePath: context.browser.path,
      headless: 'shell',
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      userDataDir: '/p/session-sales',
    });
  });

  test('are new every time, since puppeteer takes flags out of the list', () => {
    launchOptions(settings, context).options.args.length = 0;
    expect(launchOptions(settings, context).options.args).toContain('--disable-gpu');
  });

  test('leave the sandbox on unless it is known not to run, and name the user', () => {
    const user = { name: 'wakeful', uid: 990, gid: 990 };
    const confined = launchOptions(settings, { ...context, confinement: { sandbox: true, user } });
    expect(confined.options.args).not.toContain('--no-sandbox');
    expect(confined.user).toBe(user);
    const open = launchOptions(settings, { ...context, confinement: { sandbox: false, user: null } });
    expect(open.options.args).toContain('--no-sandbox');
    expect(open.user).toBeNull();
  });

  test('keep the password of a proxy off the command line', () => {
    const launch = launchOptions(settings, { ...context, proxy: 'http://me:s%40fe@proxy.example:3128' });
    expect(launch.options.args).toContain('--proxy-server=http://proxy.example:3128');
    expect(launch.options.args.join(' ')).not.toContain('fe@');
    expect(launch.proxyAuthentication).toEqual({ username: 'me', password: 's@fe' });
  });

  test('join the flags for JavaScript, of which Chromium takes only the last', () => {
    const { options } = launchOptions({ ...settings, extraArgs: ['--js-flags=--jitless'] }, context);
    expect(options.args.filter((arg) => arg.startsWith('--js-flags'))).toEqual([
      '--js-flags=--max-semi-space-size=2 --jitless',
    ]);
  });

  test('cap the heap of the page by the same one flag', () => {
    const { options } = launchOptions({ ...settings, maxHeapMb: 2000 }, context);
    expect(options.args.filter((arg) => arg.startsWith('--js-flags'))).toEqual([
      '--js-flags=--max-semi-space-size=2 --max-old-space-size=2000',
    ]);
  });

  test('refuse extra flags that would undo the pipe or move the profile', () => {
    for (const extra of ['--remote-debugging-port=9222', '--user-data-dir=/x']) {
      expect(() => launchOptions({ ...settings, extraArgs: [extra] }, context)).toThrow('extraArgs');
    }
  });
});

describe('R09 launch flags', () => {
  test('of lean are all measured', () => {
    const lean = LAUNCH_FLAGS.filter(({ profiles }) => profiles.includes('lean'));
    expect(lean.filter(({ measured }) => measured === undefined)).toEqual([]);
  });

  test('say what they are for, and none twice', () => {
    for (const { flag, reason } of LAUNCH_FLAGS) {
      expect(flag).toMatch(/^--[a-z]/);
      expect(reason).toMatch(/\.$/);
    }
    expect(new Set(LAUNCH_FLAGS.map(({ flag }) => flag)).size).toBe(LAUNCH_FLAGS.length);
  });

  test('full adds none, and only compat gives up the same-origin policy', () => {
    expect(launchFlags('full', 'chromium')).toEqual([]);
    expect(launchFlags('lean', 'chromium')).not.toContain('--disable-web-security');
    expect(launchFlags('compat', 'headless-shell')).toEqual([
      '--disable-web-security',
      '--disable-features=VizDisplayCompositor',
    ]);
  });
});

describe('a proxy address', () => {
  test('may leave out scheme and credentials', () => {
    expect(parseProxy('proxy.example:3128')).toEqual({ server: 'http://proxy.example:3128', authentication: null });
    expect(parseProxy('socks5://[::1]:1080')).toEqual({ server: 'socks5://[::1]:1080', authentication: null });
  });

  test('is refused without being repeated when Chromium could not use it', () => {
    for (const address of ['socks5://me:secret@h:1', 'ftp://me:secret@h', 'http://me:secret@', 'http://']) {
      expect(() => parseProxy(address)).toThrow(expect.objectContaining({ reason: 'launch_failed' }));
      expect(() => parseProxy(address)).not.toThrow('secret');
    }
  });
});
