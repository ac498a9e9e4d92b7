import { afterAll, describe, expect, test } from '@jest/globals';
import { groupMemoryBytes, memoryBytes } from '../../../src/adapters/chromium/process-memory.js';
import {
  groupMembers,
  isAlive,
  namedProfile,
  parseProcessStat,
  processesOfProfile,
  startTime,
} from '../../../src/adapters/chromium/process-tree.js';
import { IDLE, until, Workshop } from './stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

const FIELDS = '1 77 77 0 -1 4194304 95 0 1 0 0 0 0 0 20 0 1 0 155911 2990080';

describe('process stat', () => {
  test('reads a name with spaces and parentheses', () => {
    expect(parseProcessStat(`77 (Web (Co) 5 R) S ${FIELDS}`)).toEqual({
      pid: 77,
      state: 'S',
      parentPid: 1,
      groupId: 77,
      startTime: 155911,
    });
  });

  test('gives null for something else', () => {
    expect(parseProcessStat('nonsense')).toBeNull();
  });
});

describe('named profile', () => {
  test('a browser names its profile in an argument of its own', () => {
    expect(namedProfile(['chromium', '--user-data-dir=/a b/c', 'about:blank'])).toEqual({
      userDataDir: '/a b/c',
      isBrowser: true,
    });
  });

  test('a child names it in one joined string', () => {
    expect(namedProfile(['chromium --type=zygote --user-data-dir=/a b/c --no-first-run'])).toEqual({
      userDataDir: '/a b/c',
      isBrowser: false,
    });
  });

  test('a text that only mentions a profile names none', () => {
    expect(namedProfile(['grep', '-r', 'x --user-data-dir=/a'])).toBeNull();
    expect(namedProfile([])).toBeNull();
  });
});

describe('processes of a profile', () => {
  test('takes the exact argument and never a prefix of it', async () => {
    const dir = await workshop.folder();
    const { pid } = await workshop.browserOn(dir);
    await workshop.browserOn(`${dir}2`);
    const found = await processesOfProfile(dir);
    expect(found.map((process) => process.pid)).toEqual([pid]);
    expect(found[0]).toMatchObject({
      isBrowser: true,
      parentPid: process.pid,
      groupId: pid,
      startTime: startTime(pid),
    });
  });

  test('knows a child by its type', async () => {
    const dir = await workshop.folder();
    await workshop.browserOn(dir, '--type=utility');
    expect(await processesOfProfile(dir)).toMatchObject([{ isBrowser: false }]);
  });
});

describe('liveness', () => {
  test('a zombie is dead', async () => {
    // The shell is replaced by a program that never asks for its child, so that the child stays a zombie.
    const parent = await workshop.run(`
      const { spawn } = require('node:child_process');
      const shell = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
      shell.stdout.once('data', (pid) => console.log('up', String(pid).trim()));
    `);
    const zombie = Number(parent.said);
    await until(() => !isAlive(zombie));
    expect(startTime(zombie)).not.toBeNull();
    expect((await groupMembers(parent.pid)).map(({ pid }) => pid)).not.toContain(zombie);
  });

  test('a stopped process is alive', async () => {
    const { pid } = await workshop.run(IDLE);
    process.kill(pid, 'SIGSTOP');
    expect(isAlive(pid)).toBe(true);
  });

  test('a pid of nobody is not alive', async () => {
    expect(isAlive(await workshop.deadPid())).toBe(false);
  });
});

describe('memory', () => {
  test('counts shared pages once and dead processes not at all', async () => {
    const { pid } = await workshop.run(IDLE);
    const bytes = await memoryBytes([pid, await workshop.deadPid()]);
    expect(bytes).toBeGreaterThan(5_000_000);
    expect(bytes).toBeLessThan(process.memoryUsage.rss() * 4);
    const ofGroups = await groupMemoryBytes([pid]);
    expect(ofGroups.get(pid)).toBeGreaterThan(5_000_000);
  });
});
