import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSystemClock } from '../../src/adapters/clock.js';
import { acquireDataFolder } from '../../src/adapters/data-folder-lock.js';
import { createMachine, type Machine } from '../../src/cli/machine.js';
import type { Finding } from '../../src/domain/diagnosis.js';
import { Workshop } from '../adapters/chromium/stand-in.js';
import { startApi } from '../api/support/api-harness.js';
import { Terminal } from './support/terminal.js';

let folder: string;
const workshop = new Workshop();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
});
afterEach(async () => {
  await workshop.clean();
  rmSync(folder, { recursive: true, force: true });
});

const healthy: Partial<Machine> = {
  browser: async () => ({
    kind: 'runs',
    path: '/x',
    version: 'Chromium 1',
    engine: 'chromium',
    sandbox: true,
    user: null,
    why: null,
    tookMs: 200,
  }),
  port: async () => ({ kind: 'free' }),
  availableMemoryBytes: () => 8e9,
  limits: () => ({ openFiles: 1e6, processes: 1e6 }),
  troubleReachingWhatsApp: async () => null,
};

/** Runs the doctor on this machine but for what is said of it, and gives what it found by check. */
async function examine(env: Record<string, string>, change: Partial<Machine> = {}) {
  const machine = async () => ({ ...createMachine(), ...healthy, ...change });
  const { code, out, err } = await new Terminal({ env, cwd: folder, machine }).run('doctor', '--json');
  const { items } = JSON.parse(out) as { items: Finding[] };
  return { code, err, of: (check: string) => items.find((item) => item.check === check), items };
}
/** The same with the real part of that name. */
const real = <K extends keyof Machine>(name: K): Partial<Machine> => ({ [name]: createMachine()[name] });

function script(text: string): string {
  const path = join(folder, 'chrome');
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

describe('the doctor on a machine', () => {
  test('says which build is in use, and what another would save', async () => {
    const { of } = await examine({});
    expect(of('engine')).toMatchObject({
      grade: 'ok',
      message: expect.stringMatching(
        /^full Chromium with .*; the headless shell would take less \(\d+ % less memory\)$/,
      ),
    });
  });

  test('that has everything finds nothing, leaves nothing behind, and ends with 0', async () => {
    const { code, items } = await examine({});
    expect(items.filter(({ grade }) => grade !== 'ok')).toEqual([]);
    expect(items.length).toBeGreaterThan(12);
    expect(code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('with problems shows people what to do, and ends with 1', async () => {
    const machine = async () => ({
      ...createMachine(),
      ...healthy,
      node: () => ({ version: '18.0.0', needed: '>=20.19' }),
    });
    const { code, out, err } = await new Terminal({ cwd: folder, machine }).run('doctor');
    expect(out).toMatch(
      /^problem +Node +18\.0\.0 is too old\.\n +Install Node 20\.19 or newer\.\nok +configuration +valid\n/,
    );
    expect([code, err]).toEqual([1, 'wakeful: There is a problem.\n']);
  });

  test('without a browser where CHROME_PATH says', async () => {
    const { code, of } = await examine({ CHROME_PATH: '/nowhere/chrome' }, real('browser'));
    expect(of('browser')).toMatchObject({ grade: 'problem', message: expect.stringContaining('there is nothing') });
    expect(code).toBe(1);
  });

  test('whose browser misses a library names it', async () => {
    const line = 'chrome: error while loading shared libraries: libnss3.so: cannot open shared object file';
    const { of } = await examine({ CHROME_PATH: script(`echo "${line}" >&2; exit 127`) }, real('browser'));
    expect(of('browser')).toMatchObject({ grade: 'problem', advice: expect.stringContaining('libnss3.so is missing') });
  });

  test('whose browser tells its version and then does not start says why', async () => {
    const path = script(
      'case "$*" in *--version*) echo "Chromium 1";; *) echo "No usable sandbox!" >&2; exit 1;; esac',
    );
    const { of } = await examine({ CHROME_PATH: path }, real('browser'));
    expect(of('browser')).toMatchObject({ grade: 'problem', message: expect.stringContaining('No usable sandbox!') });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('wakeful-trial-'))).toEqual([]);
  });

  test('with a configuration that is wrong goes on with the defaults', async () => {
    const { code, of, items } = await examine({ WAKEFUL_PORT: 'many' });
    expect(of('configuration')).toMatchObject({ grade: 'problem', message: expect.stringContaining('port') });
    expect(items.length).toBeGreaterThan(12);
    expect(code).toBe(1);
  });

  test('with a full disk', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    const isMounted = status === 0;
    try {
      if (isMounted) spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
      // Only root may mount: for others the reading is what it would be.
      const full = { path: disk, exists: true, trouble: 'its disk is full', freeBytes: 0 };
      const change = isMounted ? {} : { folder: async () => ({ ...full, lock: { held: 'no', owner: null } as const }) };
      const { code, of } = await examine({ WAKEFUL_DATA_DIR: disk }, change);
      expect(of('data folder')?.message).toBe(`${disk} cannot be written: its disk is full`);
      expect(of('disk of the data folder')).toMatchObject({ grade: 'problem', message: '0 MB free' });
      expect(code).toBe(1);
    } finally {
      if (isMounted) spawnSync('umount', [disk]);
    }
  });

  test('whose folder is a file', async () => {
    writeFileSync(join(folder, 'data'), '');
    const { of } = await examine({});
    expect(of('data folder')).toMatchObject({ grade: 'problem', message: expect.stringContaining('it is no folder') });
  });

  test('whose port another program has', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'));
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const { code, of } = await examine({ WAKEFUL_PORT: String(port) }, real('port'));
    server.close();
    expect(of('port')).toMatchObject({ grade: 'problem', message: `127.0.0.1:${port} is taken by another program` });
    expect(code).toBe(1);
  });

  test('where Wakeful runs already, on these folders or on others', async () => {
    const api = await startApi();
    const env = { WAKEFUL_PORT: String(api.port) };
    const other = await examine(env, real('port'));
    const options = { clock: createSystemClock(), tell: () => {}, setting: 'WAKEFUL_DATA_DIR' };
    const lock = await acquireDataFolder(join(folder, 'data'), options);
    const own = await examine(env, real('port'));
    await lock.release();
    await api.stop();
    expect(other.of('port')).toMatchObject({
      grade: 'problem',
      message: expect.stringContaining('Another Wakeful (1.2.3)'),
    });
    expect(own.of('port')).toMatchObject({ grade: 'ok', message: expect.stringContaining('Wakeful 1.2.3 answers') });
    expect(own.of('data folder')?.message).toContain(`in use by a running Wakeful (pid ${process.pid})`);
    expect(own.code).toBe(0);
  });

  test('whose data folder was last held by another host', async () => {
    mkdirSync(join(folder, 'data'));
    const owner = { pid: 7, startTime: 1, host: 'elsewhere', bootId: 'b', pidNamespace: 'pid:[1]', machineId: null };
    writeFileSync(join(folder, 'data', 'wakeful.lock'), JSON.stringify(owner));
    const { of } = await examine({});
    expect(of('data folder')).toMatchObject({
      grade: 'warning',
      message: expect.stringContaining('pid 7 on host elsewhere'),
    });
    expect(readdirSync(join(folder, 'data'))).toEqual(['wakeful.lock']);
  });

  test('with a browser that nobody looks after', async () => {
    const { pid } = await workshop.browserOn(join(folder, 'profiles', 'session-shop'));
    const { of } = await examine({ WAKEFUL_AUTH_DIR: join(folder, 'profiles') });
    expect(of('left-over browsers')).toMatchObject({ grade: 'warning', message: expect.stringContaining(`${pid}`) });
  });
});
