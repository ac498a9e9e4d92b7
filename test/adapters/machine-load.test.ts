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

  test('tells the part of the time of all cores in which they did nothing, with pressure and without', () => {
    let idle = [100, 5000];
    const read = createMachineLoad(
      root,
      () => nowMs,
      () => idle,
    );
    expect(read().cpuIdle).toBeNull();
    nowMs += 1000;
    idle = [400, 5100];
    expect(read()).toMatchObject({ cpuPressure: null, memoryPressure: null });
    expect(read().cpuIdle).toBeCloseTo(0.2);
    pressure('cpu', 0, 0);
    nowMs += 1000;
    read();
    nowMs += 1000;
    pressure('cpu', 500_000, 0);
    idle = [2400, 5100];
    expect(read().cpuPressure).toBeCloseTo(0.5);
    expect(read().cpuIdle).toBeCloseTo(1);
  });

  test('does not count cores of the machine that a limit keeps from the service', () => {
    mkdirSync(join(root, 'sys/fs/cgroup'), { recursive: true });
    writeFileSync(join(root, 'proc/self/cgroup'), '0::/\n');
    writeFileSync(join(root, 'sys/fs/cgroup/cpu.max'), '100000 100000\n');
    const read = createMachineLoad(
      root,
      () => nowMs,
      () => [nowMs, nowMs],
    );
    nowMs += 1000;
    expect(read()).toMatchObject({ cores: 1, cpuIdle: null });
  });

  test('is told by the cores of this machine', async () => {
    const read = createMachineLoad(root);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(read().cpuIdle).toBeGreaterThanOrEqual(0);
  });
});
