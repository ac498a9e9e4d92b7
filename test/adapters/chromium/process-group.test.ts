import { afterAll, describe, expect, test } from '@jest/globals';
import { endProcesses, endProcessGroup } from '../../../src/adapters/chromium/process-group.js';
import { groupMembers, isAlive, processStat } from '../../../src/adapters/chromium/process-tree.js';
import { createSystemClock } from '../../../src/adapters/clock.js';
import { IDLE, IGNORES_SIGTERM, until, Workshop } from './stand-in.js';

const clock = createSystemClock();

const workshop = new Workshop();
afterAll(() => workshop.clean());

const withChild = (script: string) => `
  const { spawn } = require('node:child_process');
  setInterval(() => {}, 1000);
  const child = spawn(process.execPath, ['-e', ${JSON.stringify(script)}], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.once('data', () => console.log('up', child.pid));
`;

describe('ending a process group', () => {
  test('asks first, and the whole group is gone when it resolves', async () => {
    const { pid } = await workshop.run(withChild(IDLE));
    expect(await groupMembers(pid)).toHaveLength(2);
    expect(await endProcessGroup(pid, { clock, terminateMs: 5_000 })).toEqual({ killed: false });
    expect(await groupMembers(pid)).toEqual([]);
  });

  test('kills a child that ignores SIGTERM after its leader has gone', async () => {
    const { pid, said } = await workshop.run(withChild(IGNORES_SIGTERM));
    const startedAt = clock.now();
    expect(await endProcessGroup(pid, { clock, terminateMs: 300 })).toEqual({ killed: true });
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(290);
    expect(isAlive(Number(said))).toBe(false);
  });

  test('does not wait for a group that is stopped', async () => {
    const { pid } = await workshop.run(withChild(IDLE));
    process.kill(-pid, 'SIGSTOP');
    await until(() => processStat(pid)?.state === 'T');
    const startedAt = clock.now();
    expect(await endProcessGroup(pid, { clock, terminateMs: 60_000 })).toEqual({ killed: true });
    expect(clock.now() - startedAt).toBeLessThan(3_000);
    expect(await groupMembers(pid)).toEqual([]);
  });

  test('kills a stopped child once the others have ended', async () => {
    const { pid, said } = await workshop.run(withChild(IDLE));
    process.kill(Number(said), 'SIGSTOP');
    expect(await endProcessGroup(pid, { clock, terminateMs: 60_000 })).toEqual({ killed: true });
    expect(isAlive(Number(said))).toBe(false);
  });

  test('cuts the wait short when there is a hurry', async () => {
    const { pid } = await workshop.run(IGNORES_SIGTERM);
    const hurry = new AbortController();
    const ended = endProcessGroup(pid, { clock, terminateMs: 60_000, hurry: hurry.signal });
    hurry.abort();
    expect(await ended).toEqual({ killed: true });
    expect(isAlive(pid)).toBe(false);
  });

  test('resolves at once for a group that is not there', async () => {
    expect(await endProcessGroup(await workshop.deadPid(), { clock, terminateMs: 60_000 })).toEqual({ killed: false });
  });

  test('refuses our own group and those that mean everybody', async () => {
    for (const groupId of [0, 1, -1, Number.NaN, processStat(process.pid)?.groupId ?? 0]) {
      await expect(endProcessGroup(groupId, { clock, terminateMs: 0 })).rejects.toThrow(RangeError);
    }
  });
});

describe('single processes', () => {
  test('are ended without their group', async () => {
    const { pid, said } = await workshop.run(withChild(IDLE));
    const child = processStat(Number(said));
    if (child === null) throw new Error('The child is not there.');
    await endProcesses([child], { clock, terminateMs: 5_000 });
    expect(isAlive(child.pid)).toBe(false);
    expect(isAlive(pid)).toBe(true);
  });

  test('a pid that was used again is left alone', async () => {
    const { pid } = await workshop.run(IDLE);
    const stat = processStat(pid);
    if (stat === null) throw new Error('The process is not there.');
    await endProcesses([{ ...stat, startTime: stat.startTime - 1 }], { clock, terminateMs: 0 });
    expect(isAlive(pid)).toBe(true);
  });
});
