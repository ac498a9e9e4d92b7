import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAvailableMemory } from '../../src/adapters/available-memory.js';

const MB = 2 ** 20;

describe('the memory that is available', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wakeful-memory-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const machineHas = (megabytes: number) =>
    write('proc/meminfo', `MemTotal:  8000000 kB\nMemFree:  100 kB\nMemAvailable:   ${megabytes * 1024} kB\n`);
  const inCgroup = (path: string) => write('proc/self/cgroup', `9:name=systemd:/elsewhere\n0::${path}\n`);
  const cgroupHas = (path: string, max: string, currentMb: number, inactiveMb = 0) => {
    write(join('sys/fs/cgroup', path, 'memory.max'), `${max}\n`);
    write(join('sys/fs/cgroup', path, 'memory.current'), `${currentMb * MB}\n`);
    write(join('sys/fs/cgroup', path, 'memory.stat'), `anon 5\ninactive_file ${inactiveMb * MB}\nactive_file 7\n`);
  };
  const availableMb = () => {
    const bytes = createAvailableMemory(root)();
    return bytes === null ? null : bytes / MB;
  };

  test('is what the kernel says of the machine', () => {
    machineHas(1234);
    expect(availableMb()).toBe(1234);
  });

  test('is what the limit of a container leaves, its unused file cache counted as free', () => {
    machineHas(4000);
    inCgroup('/');
    cgroupHas('.', String(1000 * MB), 800, 150);
    expect(availableMb()).toBe(350);
  });

  test('is what the machine has when that is less, or when the container has no limit', () => {
    machineHas(200);
    inCgroup('/');
    cgroupHas('.', String(1000 * MB), 100);
    expect(availableMb()).toBe(200);
    cgroupHas('.', 'max', 100);
    expect(availableMb()).toBe(200);
  });

  test('is bound by the limits of all groups above the own one', () => {
    machineHas(4000);
    inCgroup('/system.slice/wakeful.service');
    cgroupHas('system.slice/wakeful.service', 'max', 100);
    cgroupHas('system.slice', String(500 * MB), 100);
    expect(availableMb()).toBe(400);
  });

  test('is never less than none', () => {
    inCgroup('/');
    cgroupHas('.', String(100 * MB), 120);
    expect(availableMb()).toBe(0);
  });

  test('cannot be told without /proc', () => {
    expect(availableMb()).toBeNull();
  });

  test('is something on this machine', () => {
    expect(createAvailableMemory()()).toBeGreaterThan(10 * MB);
  });
});
