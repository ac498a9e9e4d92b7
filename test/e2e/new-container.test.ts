import { existsSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { hasBoxes } from '../support/box.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const FULL_CHROMIUM = '/usr/lib/chromium/chromium';

describe('containers with a host name and pids of their own on the same folders', () => {
  const place = new Workplace();
  const folders = [place.dataDir, place.authDir];
  const profile = join(place.authDir, 'session-one');
  const singletonLock = join(profile, 'SingletonLock');
  let simulator: Simulator;
  let browser: string;
  let first: TestService;
  let second: TestService;
  let third: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    browser = join(place.folder, 'browser');
    const wrapper = readFileSync(simulator.browserWrapper, 'utf8');
    // Only full Chromium writes a SingletonLock.
    const full = wrapper.replace(/^exec '[^']+'/m, `exec '${FULL_CHROMIUM}'`);
    writeFileSync(browser, existsSync(FULL_CHROMIUM) ? full : wrapper, { mode: 0o755 });
    first = await place.start(browser, {}, { host: 'box-1' });
    await linkSession(first, simulator, 'one', '4915100000061');
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const ownerOf = (folder: string) =>
    JSON.parse(readFileSync(join(folder, 'wakeful.lock'), 'utf8')) as { host: string; pidNamespace: string };
  const qrCodesOf = (service: TestService) => service.log.filter(({ event }) => event === 'session.qr_shown').length;

  /** Where nobody may make a box: makes the locks those of a service that ran in one of this name. */
  function pretendLocksOf(host: string): void {
    for (const folder of folders) {
      const owner = { ...ownerOf(folder), host, pid: 1, pidNamespace: 'pid:[4026530001]' };
      writeFileSync(join(folder, 'wakeful.lock'), JSON.stringify(owner));
    }
  }

  test('a second one is refused while the first lives, and told where that is', async () => {
    const refusal = hasBoxes ? /another Wakeful \(pid 1 on host box-1\) is running/ : /another Wakeful \(pid \d+\)/;
    await expect(place.start(browser, {}, { host: 'box-2' })).rejects.toThrow(refusal);
    expect((await first.session('one')).status).toBe('connected');
  }, 60_000);

  test('when the first is killed the next comes up by itself, without a QR code and past the lock of the old browser', async () => {
    await first.end('SIGKILL');
    if (!hasBoxes) {
      pretendLocksOf('box-1');
      writeFileSync(join(profile, 'wakeful-host'), 'box-1');
    }
    if (!hasBoxes || !existsSync(FULL_CHROMIUM)) {
      rmSync(singletonLock, { force: true });
      symlinkSync('box-1-42', singletonLock);
    }
    expect(readlinkSync(singletonLock)).toMatch(/^box-1-\d+$/);

    const before = ownerOf(place.dataDir).pidNamespace;
    const startedAt = Date.now();
    second = await place.start(browser, {}, { host: 'box-2' });
    // One wait for both folders, which the dead one left at the same time.
    expect(Date.now() - startedAt).toBeLessThan(35_000);
    await second.reaches('one', 'connected');
    expect(qrCodesOf(second)).toBe(0);
    // The kernel may give the number of a namespace that is gone to the next: then all in it are known to be dead, at once.
    const isKnownDead = ownerOf(place.dataDir).pidNamespace === before;
    const taken = second.log.filter(({ event }) => event === 'service.folders_taken');
    expect(taken).toMatchObject(isKnownDead ? [] : [{ host: 'box-1', pid: 1 }]);
    expect(second.log.filter(({ reason }) => reason === 'profile_in_use')).toEqual([]);
  }, 120_000);

  test('one that stood still for too long kills its browsers, ends and leaves the folders to the new owner', async () => {
    // A browser that lives on a profile which the next one leaves alone.
    await second.call('POST', '/api/sessions/one/disconnect');
    await second.call('POST', '/api/sessions', { id: 'two' });
    await second.reaches('two', 'qr_pending');
    expect(browsersUnder(place.authDir)).toHaveLength(1);

    process.kill(second.pid, 'SIGSTOP');
    if (hasBoxes) third = await place.start(browser, {}, { host: 'box-3' });
    else pretendLocksOf('box-3');
    const locks = folders.map((folder) => readFileSync(join(folder, 'wakeful.lock'), 'utf8'));
    process.kill(second.pid, 'SIGCONT');
    await until('the one that stood still has ended', 5_000, () => second.exitCode === 1);
    await until('its browser is gone', 1_000, () => browsersUnder(place.authDir).length === 0);
    expect(second.log.at(-1)).toMatchObject({ event: 'service.folders_lost' });
    expect(folders.map((folder) => readFileSync(join(folder, 'wakeful.lock'), 'utf8'))).toEqual(locks);
    expect(folders.map((folder) => ownerOf(folder).host)).toEqual(['box-3', 'box-3']);

    if (!hasBoxes) third = await place.start(browser, {}, { host: 'box-3' });
    await third.call('POST', '/api/sessions/one/connect');
    await third.reaches('one', 'connected');
    expect(qrCodesOf(third)).toBe(0);
  }, 120_000);
});
