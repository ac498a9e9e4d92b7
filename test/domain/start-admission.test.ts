import { describe, expect, test } from '@jest/globals';
import { type MachineLoad, type StartContext, startDelayMs, startPlaces } from '../../src/domain/start-admission.js';

const MB = 2 ** 20;
const NOW = 1_000_000;
const BUSY: MachineLoad = { cores: 2, cpuPressure: 0.9, cpuIdle: 0.05, memoryPressure: 0 };
const IDLE: MachineLoad = { ...BUSY, cpuPressure: 0.1 };
const limits = { startsPerMinute: null, minFreeMemoryMb: 300 };
const auto = { ...limits, maxConcurrentStarts: 'auto' as const };
const delay = (context: Partial<StartContext>, startsPerMinute: number | null = 2) =>
  startDelayMs(
    { ...limits, maxConcurrentStarts: 9, startsPerMinute },
    { now: NOW, startedAt: [], availableBytes: null, hasBrowsers: true, starting: 0, machine: BUSY, ...context },
  );

describe('B11 the start of a browser', () => {
  test('waits until fewer than the limit were started in the minute before it', () => {
    expect(delay({ startedAt: [NOW - 10_000] })).toBe(0);
    expect(delay({ startedAt: [NOW - 10_000, NOW - 4000] })).toBe(50_000);
    expect(delay({ startedAt: [NOW - 60_000, NOW - 4000] })).toBe(0);
    expect(delay({ startedAt: [NOW - 30_000, NOW - 20_000, NOW - 10_000] })).toBe(40_000);
  });

  test('waits for no rate when there is no limit', () => {
    expect(delay({ startedAt: Array(500).fill(NOW) }, null)).toBe(0);
  });

  test('does not wait for starts of a future that a clock set back has left behind', () => {
    expect(delay({ startedAt: [NOW + 3_600_000, NOW + 3_600_001] })).toBe(0);
  });

  test('waits while the machine has less memory than it should', () => {
    expect(delay({ availableBytes: 300 * MB - 1 })).toBe(2000);
    expect(delay({ availableBytes: 300 * MB })).toBe(0);
  });

  test('does not wait for memory when no browser runs, since nothing would ever run, nor when it cannot be told', () => {
    expect(delay({ availableBytes: 0, hasBrowsers: false })).toBe(0);
    expect(delay({ availableBytes: null })).toBe(0);
  });
});

describe('the number of browsers on their start', () => {
  test('is what a person has set, whatever the machine says', () => {
    expect(startPlaces({ ...limits, maxConcurrentStarts: 7 }, { ...BUSY, memoryPressure: 1 })).toBe(7);
    expect(delay({ starting: 8 })).toBe(0);
    expect(delay({ starting: 9 })).toBe(2000);
  });

  test('is that of the cores while work waits for them, and where nothing can be told', () => {
    expect(startPlaces(auto, BUSY)).toBe(2);
    expect(startPlaces(auto, { ...BUSY, cores: 16 })).toBe(16);
    expect(startPlaces(auto, { cores: 2, cpuPressure: null, cpuIdle: null, memoryPressure: null })).toBe(2);
  });

  test('is larger while no work waits for a core, but not without bounds', () => {
    expect(startPlaces(auto, IDLE)).toBe(8);
  });

  test('is larger while a part of the cores does nothing, though some of the work waits', () => {
    expect(startPlaces(auto, { ...BUSY, cpuIdle: 0.3 })).toBe(8);
  });

  test('is larger only on an idle machine where no pressure is told', () => {
    expect(startPlaces(auto, { ...BUSY, cpuPressure: null, cpuIdle: 0.3 })).toBe(2);
    expect(startPlaces(auto, { ...BUSY, cpuPressure: null, cpuIdle: 0.7 })).toBe(8);
  });

  test('is one while everything waits for memory', () => {
    expect(startPlaces(auto, { ...IDLE, memoryPressure: 0.2 })).toBe(1);
  });

  test('goes beyond the cores one by one: a start needs a moment to show in the load', () => {
    const wait = (starting: number, sinceLastMs: number) =>
      startDelayMs(auto, {
        ...{ now: NOW, startedAt: [NOW - sinceLastMs], availableBytes: null, hasBrowsers: true },
        ...{ starting, machine: IDLE },
      });
    expect(wait(1, 0)).toBe(0);
    expect(wait(2, 100)).toBe(400);
    expect(wait(2, 500)).toBe(0);
    expect(wait(8, 10_000)).toBe(500);
  });
});
