import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readLimits, sharedMemoryBytes } from '../../src/adapters/machine-limits.js';

describe('the limits of this user', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wakeful-limits-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const limits = (processes: string, files: string) =>
    write(
      'proc/self/limits',
      `Limit                     Soft Limit           Hard Limit           Units\nMax processes             ${processes}                96365                processes\nMax open files            ${files}                20000                files\n`,
    );

  test('are what the kernel says, and none where it says nothing', () => {
    limits('4096', '1024');
    expect(readLimits({ isRoot: false, root })).toEqual({ openFiles: 1024, processes: 4096 });
    limits('unlimited', 'unlimited');
    const none = Number.POSITIVE_INFINITY;
    expect(readLimits({ isRoot: false, root })).toEqual({ openFiles: none, processes: none });
    expect(readLimits({ isRoot: false, root: join(root, 'no-linux') })).toEqual({ openFiles: none, processes: none });
  });

  test('bind root only through its cgroups, of which the lowest counts', () => {
    limits('4096', '1024');
    expect(readLimits({ isRoot: true, root }).processes).toBe(Number.POSITIVE_INFINITY);
    write('proc/self/cgroup', '0::/system.slice/wakeful.service\n');
    write('sys/fs/cgroup/system.slice/wakeful.service/pids.max', 'max\n');
    write('sys/fs/cgroup/system.slice/pids.max', '512\n');
    write('sys/fs/cgroup/pids.max', '2048\n');
    expect(readLimits({ isRoot: true, root }).processes).toBe(512);
    expect(readLimits({ isRoot: false, root }).processes).toBe(512);
  });

  test('the shared memory has a size, or is not there', async () => {
    expect(await sharedMemoryBytes(root)).toBeGreaterThan(0);
    expect(await sharedMemoryBytes(join(root, 'gone'))).toBeNull();
  });
});
