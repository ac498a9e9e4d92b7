import { afterAll, describe, expect, test } from '@jest/globals';
import { createMemoryMeter } from '../../../src/adapters/chromium/memory-meter.js';
import type { Clock } from '../../../src/domain/ports.js';
import { IDLE, until, Workshop } from './stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

describe('the memory meter', () => {
  test('gives 0 at first, then the figure, and 0 again when the browser has ended and the figure is old', async () => {
    let nowMs = 0;
    const clock: Clock = { now: () => nowMs, schedule: () => () => {} };
    const measure = createMemoryMeter({ clock, maxAgeMs: 1_000 });
    const { pid, child } = await workshop.run(IDLE);
    expect(measure(pid)).toBe(0);
    await until(() => measure(pid) > 5_000_000);

    process.kill(pid, 'SIGKILL');
    await until(() => child.signalCode !== null);
    expect(measure(pid)).toBeGreaterThan(5_000_000);
    nowMs = 1_000;
    await until(() => measure(pid) === 0);
  });
});
