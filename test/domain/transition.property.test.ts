import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Policy } from '../../src/domain/policy.js';
import { RUNGS, STATUSES } from '../../src/domain/session-state.js';
import { policyOf } from '../support/policy.js';
import { Model } from './model.js';
import { anyHappening, anyPolicy, eventOf, type Happening } from './plausible-events.js';

const visited = new Set<string>();

function live(policy: Policy, happenings: readonly Happening[]): void {
  const model = new Model(policy);
  for (const { pause, what, random, gateClosed } of happenings) {
    if ('ms' in pause) model.now += pause.ms;
    else if (model.dueAt !== null) model.now = Math.max(model.now, model.dueAt - (pause.until === 'due' ? 0 : 1));
    model.apply(eventOf(what, model.state), random, gateClosed);
    const { state } = model;
    visited.add(state.status);
    if (state.status === 'reconnecting') visited.add(state.step === 'healing' ? state.rung : state.step);
  }
}

const happenings = (length: number) => fc.array(anyHappening, { minLength: length, maxLength: length });

describe('R07 whatever happens to a session, no rule is ever broken', () => {
  test('in many short lives under any policy', () => {
    const upTo150 = fc.array(anyHappening, { minLength: 1, maxLength: 150, size: 'max' });
    fc.assert(fc.property(anyPolicy, upTo150, live), { numRuns: 1500 });
  });

  test.each(['standard', 'short', 'patient', 'brisk'])('in lives of 10,000 steps with the preset %s', (preset) => {
    fc.assert(
      fc.property(happenings(10_000), (all) => live(policyOf(preset), all)),
      { numRuns: 2, endOnFailure: true },
    );
  });

  test('in lives of 10,000 steps under any policy', () => {
    fc.assert(fc.property(anyPolicy, happenings(10_000), live), { numRuns: 6, endOnFailure: true });
  });

  test('and these lives knew every status and every rung', () => {
    for (const place of [...STATUSES, ...RUNGS, 'waiting']) expect([...visited]).toContain(place);
  });
});
