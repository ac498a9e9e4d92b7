import { describe, expect, test } from '@jest/globals';
import {
  type FolderReading,
  judgeBrowser,
  judgeConfiguration,
  judgeDisk,
  judgeEngine,
  judgeFolder,
  judgeLeftovers,
  judgeLimits,
  judgeMemory,
  judgeNode,
  judgePort,
  judgeReach,
  judgeSharedMemory,
} from '../../src/domain/diagnosis.js';

const MB = 1024 * 1024;
const NONE = Number.POSITIVE_INFINITY;

describe('the doctor', () => {
  test.each([
    ['20.19.0', 'ok'],
    ['22.1.0', 'ok'],
    ['20.9.0', 'problem'],
    ['18.20.4', 'problem'],
  ])('finds Node %s %s where 20.19 is needed', (version, grade) => {
    expect(judgeNode(version, '>=20.19').grade).toBe(grade);
  });

  test('passes on what is wrong with the configuration', () => {
    expect(judgeConfiguration(null).grade).toBe('ok');
    expect(judgeConfiguration('port: expected a number')).toMatchObject({
      grade: 'problem',
      message: 'port: expected a number',
    });
  });

  test.each([
    [
      'chrome: error while loading shared libraries: libnss3.so: cannot open shared object file',
      'The library libnss3.so is missing',
    ],
    ['[1:1] FATAL:zygote_host_impl_linux.cc No usable sandbox! Update your kernel', 'browser.sandbox'],
    ['Command requires the chromium snap to be installed.', 'stub for snap'],
    ['Segmentation fault', 'Start it by hand'],
    ['', 'Start it by hand'],
  ])('says what to do about a browser that says "%s"', (output, advice) => {
    const found = judgeBrowser({ kind: 'broken', path: '/opt/chrome', version: null, output });
    expect(found).toMatchObject({ grade: 'problem', advice: expect.stringContaining(advice) });
    expect(found.message).toMatch(/^\/opt\/chrome does not start: ./);
  });

  test('quotes the line of the output that says why', () => {
    const output = 'DevTools listening\n[0:0] No usable sandbox! Update\nstack frame 1';
    const { message } = judgeBrowser({ kind: 'broken', path: '/x', version: 'Chromium 1', output });
    expect(message).toBe('/x does not start: [0:0] No usable sandbox! Update');
  });

  test('finds a machine without a browser broken, and one without a sandbox worth a warning', () => {
    expect(judgeBrowser({ kind: 'missing', detail: null })).toMatchObject({
      grade: 'problem',
      advice: expect.stringContaining('npx wakeful browser'),
    });
    const runs = {
      kind: 'runs',
      path: '/x',
      version: 'Chromium 1',
      engine: 'headless-shell',
      user: null,
      why: null,
      tookMs: 230,
    } as const;
    expect(judgeBrowser({ ...runs, sandbox: true })).toMatchObject({
      grade: 'ok',
      message: 'Chromium 1 (/x) starts in 0.2 s, with its sandbox',
    });
    const asOther = judgeBrowser({ ...runs, sandbox: true, user: '60777' });
    expect(asOther.message).toBe('Chromium 1 (/x) starts in 0.2 s, as user 60777, with its sandbox');
    const off = judgeBrowser({ ...runs, sandbox: false, why: 'browser.sandbox says so' });
    expect(off).toMatchObject({ grade: 'warning', advice: expect.stringContaining('browser.sandbox') });
    const refused = judgeBrowser({ ...runs, sandbox: false, why: 'The browser ended. No usable sandbox!' });
    expect(refused).toMatchObject({ grade: 'warning', advice: expect.stringContaining('user namespaces') });
  });

  test('says what one more number takes, and what would take less', () => {
    const words = (...given: Parameters<typeof judgeEngine>) => judgeEngine(...given).message;
    expect(words('headless-shell', 'lean')).toMatch(/^the headless shell .* takes about 0\.\d+ × the memory[^;]*$/);
    expect(words('chromium', 'full')).toMatch(/; the headless shell and browser\.profile lean would take less \(\d+ %/);
    expect(words('headless-shell', 'compat')).toMatch(/compat; browser\.profile lean would take less$/);
  });

  test('does not mind a small /dev/shm', () => {
    expect([judgeSharedMemory(64 * MB), judgeSharedMemory(null)].map(({ grade }) => grade)).toEqual(['ok', 'ok']);
  });

  test('measures the limits by how many sessions there are', () => {
    const grades = (openFiles: number, processes: number, sessions: number) =>
      judgeLimits({ openFiles, processes }, sessions).map(({ grade }) => grade);
    expect(grades(NONE, NONE, 100)).toEqual(['ok', 'ok']);
    expect(grades(1024, 512, 1)).toEqual(['ok', 'ok']);
    expect(grades(1024, 512, 10)).toEqual(['warning', 'warning']);
    expect(grades(1024, 100, 0)).toEqual(['ok', 'warning']);
  });

  test.each([
    [1000, 'ok'],
    [400, 'warning'],
    [299, 'problem'],
  ])('finds %i MB of free memory %s where starts wait below 300', (free, grade) => {
    expect(judgeMemory(free * MB, 300).grade).toBe(grade);
    expect(judgeMemory(null, 300).grade).toBe('warning');
  });

  const folder: FolderReading = {
    path: '/data',
    exists: true,
    trouble: null,
    freeBytes: 1000 * MB,
    lock: { held: 'no', owner: null },
  };

  test.each<[string, Partial<FolderReading>, string]>([
    ['can be written', {}, 'ok'],
    ['will be made', { exists: false }, 'ok'],
    ['is in use by a running Wakeful (pid 7)', { lock: { held: 'yes', owner: 'pid 7' } }, 'ok'],
    ['was last held by pid 7 on host b', { lock: { held: 'unsure', owner: 'pid 7 on host b' } }, 'warning'],
    ['cannot be written: this user may not', { trouble: 'this user may not' }, 'problem'],
  ])('says of a folder that it %s', (words, change, grade) => {
    const found = judgeFolder('data folder', { ...folder, ...change }, 'WAKEFUL_DATA_DIR');
    expect(found).toMatchObject({ grade, message: expect.stringContaining(`/data ${words}`) });
  });

  test.each([
    [401, 'ok'],
    [399, 'warning'],
    [199, 'problem'],
  ])('finds %i MB of free disk %s where no browser starts below 200', (free, grade) => {
    expect(judgeDisk('disk', { ...folder, freeBytes: free * MB }, 200).grade).toBe(grade);
  });

  test('tells our own service on the port from another one and from other programs', () => {
    const wakeful = { kind: 'wakeful', version: '1.2.3' } as const;
    expect(judgePort('a:1', { kind: 'free' }, false).grade).toBe('ok');
    expect(judgePort('a:1', { kind: 'free' }, true).grade).toBe('warning');
    expect(judgePort('a:1', wakeful, true)).toMatchObject({ grade: 'ok', message: 'Wakeful 1.2.3 answers at a:1' });
    expect(judgePort('a:1', wakeful, false).message).toContain('Another Wakeful (1.2.3)');
    expect(judgePort('a:1', { kind: 'other' }, false)).toMatchObject({
      grade: 'problem',
      advice: expect.stringContaining('WAKEFUL_PORT'),
    });
    expect(judgePort('a:1', { kind: 'refused', code: 'EACCES' }, false).grade).toBe('problem');
  });

  test('only warns when WhatsApp is not reachable, since sessions may have proxies', () => {
    expect(judgeReach(null).grade).toBe('ok');
    expect(judgeReach('ENOTFOUND')).toMatchObject({
      grade: 'warning',
      message: expect.stringContaining('not reachable from here'),
    });
  });

  test('calls browsers left over only where no Wakeful runs', () => {
    expect(judgeLeftovers([], false).grade).toBe('ok');
    expect(judgeLeftovers([7], true).grade).toBe('ok');
    expect(judgeLeftovers([7, 8], false)).toMatchObject({ grade: 'warning', message: expect.stringContaining('7, 8') });
  });
});
