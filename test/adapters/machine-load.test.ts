import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMachineLoad } from '../../src/adapters/machine-load.js';

describe('the load of the machine', () => {
  let root: string;
  let nowMs: number;

  const pressure = (what: 'cpu' | 'memory', someUs: number, fullUs: number) => {
    const line = (whose: string, total: number) => `${whose} avg10=99.00 avg60=99.00 avg300=99.00 total=${total}\n`;
    writeFileSync(join(root, 'proc/pressure', what), line('some', someUs) + line('full', fullUs));
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wakeful-load-'));
    mkdirSync(join(root, 'proc/pressure'), { recursive: true });
    mkdirSync(join(root, 'proc/self'));
    nowMs = 1000;
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('is the share of time since the last look in which work waited, whatever was before', () => {
    pressure('cpu', 7_000_000, 0);
    pressure('memory', 9_000_000, 3_000_000);
    const read = createMachineLoad(root, () => nowMs);
    expect(read()).toMatchObject({ cpuPressure: null, memoryPressure: null });
    nowMs += 1000;
    pressure('cpu', 7_250_000, 0);
    pressure('memory', 9_900_000, 3_100_000);
    const load = read();
    expect(load.cores).toBeGreaterThan(0);
    expect(load.cpuPressure).toBeCloseTo(0.25);
    expect(load.memoryPressure).toBeCloseTo(0.1);
  });

  test('stays as it was for a quarter of a second: a shorter look tells more of chance', () => {
    pressure('cpu', 0, 0);
    const read = createMachineLoad(root, () => nowMs);
    nowMs += 1000;
    pressure('cpu', 500_000, 0);
    expect(read().cpuPressure).toBeCloseTo(0.5);
    nowMs += 100;
    pressure('cpu', 600_000, 0);
    expect(read().cpuPressure).toBeCloseTo(0.5);
    nowMs += 150;
    expect(read().cpuPressure).toBeCloseTo(0.4);
  });

  test('knows only the cores that a limit of the container, or of a group above it, leaves', () => {
    const limit = (folder: string, max: string) => {
      mkdirSync(join(root, 'sys/fs/cgroup', folder), { recursive: true });
      writeFileSync(join(root, 'sys/fs/cgroup', folder, 'cpu.max'), `${max}\n`);
    };
    const cores = () => createMachineLoad(root, () => nowMs)().cores;
    const all = cores();
    writeFileSync(join(root, 'proc/self/cgroup'), '0::/system.slice/wakeful.service\n');
    limit('system.slice/wakeful.service', 'max 100000');
    expect(cores()).toBe(all);
    limit('system.slice', '50000 100000');
    expect(cores()).toBe(1);
    limit('system.slice', `${(all + 5) * 100_000} 100000`);
    expect(cores()).toBe(all);
  });

  test('is told by the cores that do nothing where the kernel does not count pressure', async () => {
    const read = createMachineLoad(root, () => nowMs);
    nowMs += 1000;
    for (const until = Date.now() + 150; Date.now() < until; ) JSON.stringify(process.memoryUsage());
    const { cpuPressure, cpuIdle, memoryPressure } = read();
    expect([cpuPressure, memoryPressure]).toEqual([null, null]);
    expect(cpuIdle).toBeGreaterThanOrEqual(0);
    expect(cpuIdle).toBeLessThan(1);
  });
});
