import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../src/domain/delivery.js';
import { HEALTHY_RECEIVER, healthAfter } from '../../src/domain/receiver-health.js';

const MINUTE_MS = 60_000;

/** A receiver after verdicts at these times. */
function receiverAfter(...told: [verdict: Verdict, at: number][]) {
  let step = { health: HEALTHY_RECEIVER, cameBack: false };
  for (const [verdict, at] of told) step = healthAfter(step.health, verdict, at);
  return step;
}

describe('a receiver', () => {
  test('that fails now and then is not down', () => {
    expect(receiverAfter(['failed', 0], ['failed', 1], ['delivered', 2])).toEqual({
      health: HEALTHY_RECEIVER,
      cameBack: false,
    });
  });

  test('came back when it takes something after three failures in a row', () => {
    expect(receiverAfter(['failed', 0], ['failed', 1], ['failed', 2], ['delivered', 3]).cameBack).toBe(true);
  });

  test('is failing when it has taken nothing for a minute, not before and not for one failure', () => {
    const twice = [
      ['failed', 0],
      ['failed', 1],
    ] as const satisfies [Verdict, number][];
    expect(receiverAfter(...twice, ['failed', MINUTE_MS - 1]).health.failing).toBe(false);
    expect(receiverAfter(...twice, ['failed', MINUTE_MS]).health.failing).toBe(true);
    expect(receiverAfter(['failed', 0], ['failed', 5 * MINUTE_MS]).health.failing).toBe(false);
    expect(receiverAfter(...twice, ['failed', MINUTE_MS], ['failed', MINUTE_MS + 1]).health.failing).toBe(true);
    expect(receiverAfter(...twice, ['failed', MINUTE_MS], ['delivered', MINUTE_MS + 1]).health.failing).toBe(false);
  });

  test('is neither better nor worse for refusing one body', () => {
    const failed = receiverAfter(['failed', 0], ['failed', 1], ['failed', 2]);
    expect(healthAfter(failed.health, 'refused', 3)).toEqual({ health: failed.health, cameBack: false });
  });
});
