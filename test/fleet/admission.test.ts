import { describe, expect, test } from '@jest/globals';
import type { MachineLoad, StartLimits } from '../../src/domain/start-admission.js';
import { createAdmission } from '../../src/fleet/admission.js';
import { FakeClock, settled } from '../support/fake-clock.js';
import { FakeLogger } from '../support/fake-logger.js';

const MB = 2 ** 20;
const never = () => new AbortController().signal;

/** An admission with all that it depends on; `come` asks for places, and `log` says who got one. */
function anAdmission(maxConcurrentStarts: number | 'auto', limits: Partial<StartLimits> = {}) {
  const clock = new FakeClock();
  const logger = new FakeLogger();
  const machine = { availableBytes: null as number | null, hasBrowsers: true, onLook: () => {} };
  const load: MachineLoad = { cores: 2, cpuPressure: null, cpuIdle: null, memoryPressure: null };
  const admission = createAdmission({
    limits: { maxConcurrentStarts, startsPerMinute: null, minFreeMemoryMb: 300, ...limits },
    clock,
    logger,
    availableMemoryBytes: () => {
      machine.onLook();
      return machine.availableBytes;
    },
    machineLoad: () => load,
    hasBrowsers: () => machine.hasBrowsers,
  });
  const log: string[] = [];
  const releases = new Map<string, () => void>();
  return {
    acquire: (signal: AbortSignal) => admission.acquire(signal),
    clock,
    logger,
    machine,
    load,
    log,
    leave: async (name: string) => {
      releases.get(name)?.();
      await settled();
    },
    come: async (...names: string[]) => {
      for (const name of names) {
        void admission.acquire(never()).then((release) => {
          log.push(name);
          releases.set(name, release);
        });
      }
      await settled();
    },
    said: () => logger.lines.map(({ event }) => event),
  };
}

describe('admission', () => {
  test('lets as many start as it is told, and the others in their order', async () => {
    const { come, leave, log } = anAdmission(2);
    await come('a', 'b', 'c', 'd');
    expect(log).toEqual(['a', 'b']);
    await leave('b');
    expect(log).toEqual(['a', 'b', 'c']);
    await leave('a');
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  test('takes a place back once, however often it is given back', async () => {
    const { come, leave, log } = anAdmission(1);
    await come('a', 'b', 'c');
    await leave('a');
    await leave('a');
    expect(log).toEqual(['a', 'b']);
    await leave('b');
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('does not mind an abort after the place was given', async () => {
    const { acquire, come, log } = anAdmission(1);
    const later = new AbortController();
    const release = await acquire(later.signal);
    later.abort();
    await come('next');
    expect(log).toEqual([]);
    release();
    await settled();
    expect(log).toEqual(['next']);
  });

  test('refuses who has given up before he came', async () => {
    const { acquire, come, log } = anAdmission(1);
    await expect(acquire(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await come('next');
    expect(log).toEqual(['next']);
  });
});

describe('as many at once as the machine has room for', () => {
  test('is as many as cores while these are busy', async () => {
    const { come, leave, log, load, clock } = anAdmission('auto');
    load.cpuPressure = 0.9;
    await come('a', 'b', 'c');
    await clock.advance(60_000);
    expect(log).toEqual(['a', 'b']);
    await leave('a');
    expect(log).toEqual(['a', 'b', 'c']);
  });

  test('is one more every half second while the cores have nothing to do, and no more as soon as they have', async () => {
    const { come, log, load, clock } = anAdmission('auto');
    load.cpuPressure = 0;
    await come('a', 'b', 'c', 'd', 'e');
    expect(log).toEqual(['a', 'b']);
    await clock.advance(500);
    expect(log).toEqual(['a', 'b', 'c']);
    await clock.advance(500);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    load.cpuPressure = 0.9;
    await clock.advance(60_000);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the rate of starts', () => {
  test('lets no more start in any minute than it is told, the others in their order', async () => {
    const { come, leave, log, clock } = anAdmission(9, { startsPerMinute: 2 });
    await come('a');
    await clock.advance(40_000);
    await come('b', 'c', 'd', 'e');
    expect(log).toEqual(['a', 'b']);
    await leave('a');
    await clock.advance(19_999);
    expect(log).toEqual(['a', 'b']);
    await clock.advance(1);
    expect(log).toEqual(['a', 'b', 'c']);
    await clock.advance(39_999);
    expect(log).toEqual(['a', 'b', 'c']);
    await clock.advance(20_001);
    expect(log).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(clock.pending).toBe(0);
  });

  test('is not used up by who gives up waiting', async () => {
    const { acquire, come, log, clock } = anAdmission(9, { startsPerMinute: 1 });
    await come('a');
    const impatient = new AbortController();
    const gone = [acquire(impatient.signal), acquire(impatient.signal)];
    await come('b');
    impatient.abort(new Error('no longer wanted'));
    for (const one of gone) await expect(one).rejects.toThrow('no longer wanted');
    await clock.advance(60_000);
    expect(log).toEqual(['a', 'b']);
  });
});

describe('the memory of the machine', () => {
  test('is waited for, one start after the other, and it is said once that it is short and once that it is over', async () => {
    const { come, log, clock, machine, said, logger } = anAdmission(9);
    machine.availableBytes = 299 * MB;
    await come('a', 'b');
    await clock.advance(60_000);
    expect(log).toEqual([]);
    expect(said()).toEqual(['fleet.memory_low']);
    expect(logger.lines[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('299 MB') });
    machine.availableBytes = 300 * MB;
    await clock.advance(2000);
    expect(log).toEqual(['a', 'b']);
    expect(said()).toEqual(['fleet.memory_low', 'fleet.memory_ok']);
    expect(clock.pending).toBe(0);
  });

  test('is given in order, whoever would have looked first', async () => {
    const { come, log, clock, machine } = anAdmission(9);
    machine.availableBytes = 0;
    await come('a');
    await clock.advance(1000);
    await come('b');
    await clock.advance(1500);
    machine.availableBytes = 300 * MB;
    await clock.advance(1000);
    expect(log).toEqual([]);
    await clock.advance(500);
    expect(log).toEqual(['a', 'b']);
  });

  test('is looked at for each anew: what the first one takes is missing for the second', async () => {
    const { acquire, come, log, clock, machine } = anAdmission(9);
    machine.availableBytes = 350 * MB;
    void acquire(never()).then(() => {
      machine.availableBytes = 250 * MB;
    });
    await settled();
    await come('second');
    await clock.advance(60_000);
    expect(log).toEqual([]);
  });

  test('is not waited for when no browser runs: the first one starts, the second waits for it', async () => {
    const { come, leave, log, clock, machine, said } = anAdmission(9);
    machine.availableBytes = 0;
    machine.hasBrowsers = false;
    await come('a', 'b');
    await clock.advance(10_000);
    expect(log).toEqual(['a']);
    machine.hasBrowsers = true;
    await leave('a');
    await clock.advance(10_000);
    expect(log).toEqual(['a']);
    machine.hasBrowsers = false;
    await clock.advance(2000);
    expect(log).toEqual(['a', 'b']);
    expect(said()).toEqual(['fleet.memory_low']);
  });
});

describe('who gives up waiting', () => {
  const waits: Record<string, () => Promise<ReturnType<typeof anAdmission>>> = {
    'for a place': async () => {
      const made = anAdmission(1);
      await made.come('first');
      return made;
    },
    'for the rate': async () => {
      const made = anAdmission(9, { startsPerMinute: 1 });
      await made.come('first');
      return made;
    },
    'for memory': async () => {
      const made = anAdmission(9);
      await made.come('first');
      made.machine.availableBytes = 0;
      return made;
    },
  };

  test.each(Object.entries(waits))(
    '%s is refused at once, and those behind him come to their turn',
    async (_, wait) => {
      const { acquire, come, leave, log, clock, machine } = await wait();
      const [front, middle] = [new AbortController(), new AbortController()];
      const given: string[] = [];
      const gone = [acquire(front.signal), acquire(middle.signal)].map((place) =>
        place.then(
          () => given.push('a place'),
          (error: Error) => given.push(error.message),
        ),
      );
      await come('last');
      middle.abort(new Error('middle is gone'));
      await settled();
      expect(given).toEqual(['middle is gone']);
      front.abort(new Error('front is gone'));
      await Promise.all(gone);
      expect(given).toEqual(['middle is gone', 'front is gone']);
      expect(clock.pending).toBeLessThanOrEqual(1);
      expect(log).toEqual(['first']);

      machine.availableBytes = null;
      await leave('first');
      await clock.advance(60_000);
      expect(log).toEqual(['first', 'last']);
      expect(clock.pending).toBe(0);
    },
  );

  test.each([...Array(20).keys()])('in the midst of his turn (%i) has a place or has none', async (moments) => {
    const { acquire, come, log } = anAdmission(1);
    const impatient = new AbortController();
    const given = acquire(impatient.signal).then(
      () => true,
      () => false,
    );
    for (let moment = 0; moment < moments; moment += 1) await null;
    impatient.abort();
    await come('next');
    expect(log).toEqual((await given) ? [] : ['next']);
  });

  test('while his turn is looked at uses up no start of the minute', async () => {
    const impatient = new AbortController();
    const { acquire, come, log, machine } = anAdmission(9, { startsPerMinute: 1 });
    machine.onLook = () => impatient.abort();
    await expect(acquire(impatient.signal)).rejects.toThrow();
    await come('next');
    expect(log).toEqual(['next']);
  });
});
