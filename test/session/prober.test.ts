import { describe, expect, test } from '@jest/globals';
import type { ProbeObservation, ProbeVerdict } from '../../src/domain/health.js';
import { Prober } from '../../src/session/prober.js';
import { HEALTHY } from '../support/fake-client.js';
import { FakeClock, settled } from '../support/fake-clock.js';
import { steadyConfig } from '../support/fake-house.js';

const { health } = steadyConfig();
const HUNG: ProbeObservation = { ...HEALTHY, pageAnswered: false };

function aProber({ random = 0.5, probe }: { random?: number; probe?: () => Promise<ProbeObservation | null> }) {
  const clock = new FakeClock();
  const startedAt = clock.now();
  const looks: number[] = [];
  const verdicts: [number, ProbeVerdict][] = [];
  const since = () => clock.now() - startedAt;
  const prober = new Prober({
    clock,
    random: () => random,
    ...health,
    probe: async () => {
      looks.push(since());
      return probe ? await probe() : HEALTHY;
    },
    onVerdict: (verdict) => verdicts.push([since(), verdict]),
  });
  return { clock, prober, looks, verdicts };
}

/** A probe of a page that is silent: it takes its whole deadline, and the browser answers then. */
const silent = (clock: () => FakeClock, observation = HUNG) =>
  new Promise<ProbeObservation>((resolve) => {
    clock().schedule(health.probeTimeoutMs, () => resolve(observation));
  });

describe('the prober', () => {
  test.each([0, 0.5, 0.999])('looks for the first time within one interval, spread by chance (%p)', async (random) => {
    const { clock, prober, looks } = aProber({ random });
    prober.start();
    await clock.advance(15_000);
    expect(looks).toHaveLength(1);
    expect(looks[0]).toBe(7500 + 7500 * random);
  });

  test('looks every interval at a page that is well', async () => {
    const { clock, prober, looks, verdicts } = aProber({});
    prober.start();
    await clock.advance(60_000);
    expect(looks).toEqual([11_250, 26_250, 41_250, 56_250]);
    expect(new Set(verdicts.map(([, verdict]) => verdict))).toEqual(new Set(['healthy']));
    expect(prober.health).toMatchObject({ verdict: 'healthy', latencyMs: 3 });
  });

  test.each([0, 0.999])('spreads every look by chance, so that none stay together for ever (%p)', async (random) => {
    const { clock, prober, looks } = aProber({ random });
    prober.start();
    await clock.advance(40_000);
    expect((looks[1] ?? 0) - (looks[0] ?? 0)).toBeCloseTo(14_250 + 1500 * random, 3);
  });

  test('finds a page that hangs from the start within 30 s', async () => {
    const story = aProber({ random: 0.999_999, probe: () => silent(() => story.clock) });
    story.prober.start();
    await story.clock.advance(30_000);
    expect(story.verdicts.map(([, verdict]) => verdict)).toEqual(['unknown', 'page_hung']);
  });

  test('finds a page that hangs right after a look within 30 s', async () => {
    let hung = false;
    const story = aProber({ probe: () => (hung ? silent(() => story.clock) : Promise.resolve(HEALTHY)) });
    story.prober.start();
    await story.clock.advance(11_250);
    hung = true;
    await story.clock.advance(30_000);
    expect(story.verdicts.at(-1)?.[1]).toBe('page_hung');
  });

  test('takes one miss alone for a suspicion and looks again soon', async () => {
    const answers = [HUNG, HEALTHY, HUNG, HEALTHY];
    const { clock, prober, looks, verdicts } = aProber({ probe: async () => answers.shift() ?? HEALTHY });
    prober.start();
    await clock.advance(35_000);
    expect(looks).toEqual([11_250, 14_250, 29_250, 32_250]);
    expect(verdicts.map(([, verdict]) => verdict)).toEqual(['unknown', 'healthy', 'unknown', 'healthy']);
  });

  test('never looks twice at the same time, however long a look takes', async () => {
    let running = 0;
    let most = 0;
    const { clock, prober, looks } = aProber({
      probe: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => clock.schedule(100_000, resolve));
        running -= 1;
        return HEALTHY;
      },
    });
    prober.start();
    await clock.advance(400_000);
    expect(most).toBe(1);
    expect(looks.length).toBeGreaterThan(2);
  });

  test('counts no look that was voided by a stall of our own', async () => {
    const answers = [HUNG, { ...HUNG, voided: true }, { ...HUNG, voided: true }, HUNG];
    const { clock, prober, verdicts } = aProber({ probe: async () => answers.shift() ?? HEALTHY });
    prober.start();
    await clock.advance(11_250 + 3 * 3000);
    expect(verdicts.map(([, verdict]) => verdict)).toEqual(['unknown', 'unknown', 'unknown', 'page_hung']);
  });

  test('goes on waiting while there is no browser to ask', async () => {
    let browser = false;
    const { clock, prober, verdicts } = aProber({ probe: async () => (browser ? HEALTHY : null) });
    prober.start();
    await clock.advance(30_000);
    browser = true;
    await clock.advance(15_000);
    expect(verdicts).toEqual([[41_250, 'healthy']]);
  });

  test('forgets the misses of the last browser when it starts again', async () => {
    const answers = [HUNG, HUNG];
    const { clock, prober, verdicts } = aProber({ probe: async () => answers.shift() ?? HEALTHY });
    prober.start();
    await clock.advance(11_250);
    prober.start();
    await clock.advance(11_250);
    expect(verdicts.map(([, verdict]) => verdict)).toEqual(['unknown', 'unknown']);
  });

  test('says nothing of a look that was under way when it stopped', async () => {
    let answer: (observation: ProbeObservation) => void = () => {};
    const { clock, prober, verdicts } = aProber({
      probe: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    prober.start();
    await clock.advance(11_250);
    prober.stop();
    answer(HUNG);
    await settled();
    expect(verdicts).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
