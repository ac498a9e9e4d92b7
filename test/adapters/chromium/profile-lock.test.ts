import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { clearLock, inspectLock, noteHost } from '../../../src/adapters/chromium/profile-lock.js';
import { IDLE, until, Workshop } from './stand-in.js';

const hostname = 'web-1.example';
const workshop = new Workshop();
afterAll(() => workshop.clean());

let dir: string;
beforeEach(async () => {
  dir = await workshop.folder();
});

const lockedBy = (owner: string) => symlink(owner, join(dir, 'SingletonLock'));
/** A program that started a browser and looks after it. */
const starting = (args: readonly string[], cwd: string) => `
  const { spawn } = require('node:child_process');
  setInterval(() => {}, 1000);
  const browser = spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}, '--', ...${JSON.stringify(args)}],
    { cwd: ${JSON.stringify(cwd)}, stdio: ['ignore', 'pipe', 'inherit'] });
  browser.stdout.once('data', () => console.log('up', browser.pid));
`;

describe('a profile lock', () => {
  test('is none where there is no file and no browser', async () => {
    expect(await inspectLock(dir, { hostname })).toEqual({ kind: 'none' });
  });

  test('is stale when its process is dead, although the link points to nothing', async () => {
    const pid = await workshop.deadPid();
    await lockedBy(`${hostname}-${pid}`);
    expect(await inspectLock(dir, { hostname })).toEqual({ kind: 'stale', host: hostname, pid });
  });

  test('is stale when its pid is now that of another program', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockedBy(`${hostname}-${pid}`);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'stale', pid });
  });

  test('is stale when its pid is now that of the browser of another session', async () => {
    const { pid } = await workshop.browserOn(`${dir}0`);
    await lockedBy(`${hostname}-${pid}`);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'stale', pid });
  });

  test('is stale when it has another form', async () => {
    await writeFile(join(dir, 'SingletonLock'), 'copied');
    expect(await inspectLock(dir, { hostname })).toEqual({ kind: 'stale', host: null, pid: null });
  });

  test('is ours when a browser with exactly this profile lives', async () => {
    const { pid } = await workshop.browserOn(dir);
    await lockedBy(`${hostname}-${pid}`);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'ours', pid, processes: [{ pid }] });
  });

  test('is ours without any file, since the headless shell writes none', async () => {
    const { pid } = await workshop.browserOn(dir);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'ours', pid });
  });

  test('is ours when this host had another name when the browser started', async () => {
    const { pid } = await workshop.browserOn(dir);
    await lockedBy(`old-name-${pid}`);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'ours', pid });
  });

  test('is foreign when another host holds it', async () => {
    await lockedBy('web-2.example-4711');
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'foreign', host: 'web-2.example', pid: 4711 });
  });

  test('of another host is stale when the last browser of Wakeful was started there', async () => {
    await noteHost(dir, 'web-2.example');
    await lockedBy('web-2.example-4711');
    expect(await inspectLock(dir, { hostname })).toEqual({ kind: 'stale', host: 'web-2.example', pid: 4711 });
  });

  test.each(['web-3.example', hostname, ''])(
    'of another host is foreign when that browser was started on %p',
    async (host) => {
      await noteHost(dir, host);
      await lockedBy('web-2.example-4711');
      expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'foreign', host: 'web-2.example' });
    },
  );

  test('is foreign when another living program started the browser', async () => {
    const { pid, said } = await workshop.run(starting([`--user-data-dir=${dir}`], '/'));
    expect(await inspectLock(dir, { hostname })).toMatchObject({
      kind: 'foreign',
      pid: Number(said),
      why: expect.stringContaining(`(pid ${pid})`),
    });
  });

  test('becomes ours when that program dies', async () => {
    const { pid, child, said } = await workshop.run(starting([`--user-data-dir=${dir}`], '/'));
    process.kill(pid, 'SIGKILL');
    await until(() => child.signalCode !== null);
    expect(await inspectLock(dir, { hostname })).toMatchObject({ kind: 'ours', pid: Number(said) });
  });

  test('is foreign when its process is on the folder under another spelling', async () => {
    await mkdir(join(dir, 'profile'));
    const { said } = await workshop.run(starting(['--user-data-dir=./profile'], dir));
    await symlink(`${hostname}-${said}`, join(dir, 'profile', 'SingletonLock'));
    expect(await inspectLock(join(dir, 'profile'), { hostname })).toMatchObject({ kind: 'foreign', pid: Number(said) });
  });
});

describe('the note of the host', () => {
  test('is for its owner only, and the last one counts', async () => {
    await noteHost(dir, 'web-2.example');
    await noteHost(dir, hostname);
    expect(await readFile(join(dir, 'wakeful-host'), 'utf8')).toBe(hostname);
    expect((await stat(join(dir, 'wakeful-host'))).mode & 0o777).toBe(0o600);
  });

  test('is not written through a link', async () => {
    const elsewhere = join(await workshop.folder(), 'passwd');
    await writeFile(elsewhere, 'root');
    await symlink(elsewhere, join(dir, 'wakeful-host'));
    await noteHost(dir, hostname);
    expect(await readFile(elsewhere, 'utf8')).toBe('root');
    expect(await readFile(join(dir, 'wakeful-host'), 'utf8')).toBe(hostname);
  });

  test('is not written again by every launch', async () => {
    await noteHost(dir, hostname);
    const { mtimeMs } = await stat(join(dir, 'wakeful-host'));
    await until(() => Date.now() > mtimeMs + 10);
    await noteHost(dir, hostname);
    expect((await stat(join(dir, 'wakeful-host'))).mtimeMs).toBe(mtimeMs);
  });
});

describe('clearing', () => {
  test('removes the lock files with their socket folder, and nothing else', async () => {
    const socketDir = `/tmp/org.chromium.Chromium.${process.pid}`;
    await mkdir(socketDir);
    await lockedBy(`${hostname}-1`);
    await symlink(join(socketDir, 'SingletonSocket'), join(dir, 'SingletonSocket'));
    await symlink('10241899452003283133', join(dir, 'SingletonCookie'));
    await writeFile(join(dir, 'DevToolsActivePort'), '1');
    await writeFile(join(dir, 'Local State'), '{}');
    expect(await clearLock(dir)).toBe(true);
    expect(await readdir(dir)).toEqual(['Local State']);
    await expect(readdir(socketDir)).rejects.toThrow('ENOENT');
  });

  test('follows no socket to a place that is not Chromium’s', async () => {
    const other = await workshop.folder();
    await symlink(join(other, 'SingletonSocket'), join(dir, 'SingletonSocket'));
    await clearLock(dir);
    expect(await readdir(other)).toEqual([]);
  });

  test('says when there was nothing', async () => {
    expect(await clearLock(dir)).toBe(false);
  });
});
