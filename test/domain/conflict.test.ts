import { describe, expect, test } from '@jest/globals';
import { steadyPolicy } from '../support/policy.js';
import { type Story, stableStory } from './story.js';

const CONFLICT = { type: 'socket-state', socketState: 'CONFLICT' } as const;
const CONNECTED = { type: 'socket-state', socketState: 'CONNECTED' } as const;
const HOUR_MS = 3_600_000;

function takenAndTakenBack(told: Story): Story {
  told.report(CONFLICT);
  expect(told.effects).toEqual([{ type: 'take-over', epoch: told.state.epoch }]);
  return told.report(CONNECTED);
}

describe('WhatsApp Web opened elsewhere with the same login', () => {
  test('is taken back in the page, without a new page or browser and without an attempt', () => {
    const told = takenAndTakenBack(stableStory());
    expect(told.state).toMatchObject({
      status: 'connected',
      attempt: 0,
      healed: { reason: 'conflict', rung: 'takeover' },
    });
    expect(told.launches).toHaveLength(1);
  });

  test('is left to the other after three takeovers in an hour, and a person is told', () => {
    const told = stableStory();
    for (let round = 0; round < 3; round += 1) takenAndTakenBack(told).pass(60_000);
    told.report(CONFLICT);
    expect(told.state).toMatchObject({ status: 'error', reason: 'conflict' });
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);
    expect(told.notes.at(-1)?.data).toMatchObject({ userAction: 'close_other_owner' });
    expect(told.pass(10 * HOUR_MS).tell({ type: 'monitor' }).launches).toHaveLength(1);
  });

  test('is taken back again when the fights lie hours apart', () => {
    const told = stableStory();
    for (let round = 0; round < 20; round += 1) takenAndTakenBack(told).pass(HOUR_MS / 2);
    expect(told.state.status).toBe('connected');
  });

  test('a person who forces a reconnect starts the count anew', () => {
    const told = stableStory();
    for (let round = 0; round < 3; round += 1) takenAndTakenBack(told).pass(60_000);
    told.report(CONFLICT).tell({ type: 'force-reconnect' });
    expect(told.state).toMatchObject({ status: 'connecting', conflicts: [] });
  });

  test('is left to the other at once when the policy is to yield', () => {
    const standard = steadyPolicy();
    const told = stableStory({ ...standard, conflict: { ...standard.conflict, policy: 'yield' } }).report(CONFLICT);
    expect(told.state).toMatchObject({ status: 'error', reason: 'conflict' });
  });
});
