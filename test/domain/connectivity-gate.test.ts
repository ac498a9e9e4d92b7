import { describe, expect, test } from '@jest/globals';
import { askGate, type Gate, gateAfter, OPEN_GATE } from '../../src/domain/connectivity-gate.js';

const closedBy = (canary: string | null): Gate => ({ state: 'closed', since: 1000, canary });
const alone = { now: 1000, othersConnected: false };

describe('the connectivity gate', () => {
  test('closes when a browser cannot reach WhatsApp, and that session becomes the canary', () => {
    expect(gateAfter(OPEN_GATE, 'unreachable', 'sales', alone)).toEqual(closedBy('sales'));
  });

  test('stays open when another session behind the same way out is connected', () => {
    expect(gateAfter(OPEN_GATE, 'unreachable', 'sales', { ...alone, othersConnected: true })).toEqual(OPEN_GATE);
  });

  test('keeps its canary and its time when more sessions find the same', () => {
    expect(gateAfter(closedBy('sales'), 'unreachable', 'support', { ...alone, now: 5000 })).toEqual(closedBy('sales'));
  });

  test('opens for everybody when one session comes through', () => {
    expect(gateAfter(closedBy('sales'), 'reached', 'support', alone)).toEqual(OPEN_GATE);
  });

  test('looks for another canary when the present one is stopped, not when another session is', () => {
    expect(gateAfter(closedBy('sales'), 'not_trying', 'sales', alone)).toEqual(closedBy(null));
    expect(gateAfter(closedBy('sales'), 'not_trying', 'support', alone)).toEqual(closedBy('sales'));
  });

  test('lets everybody try while open, only the canary while closed, and the first who asks when there is none', () => {
    expect(askGate(OPEN_GATE, 'sales').mayTry).toBe(true);
    expect(askGate(closedBy('sales'), 'sales').mayTry).toBe(true);
    expect(askGate(closedBy('sales'), 'support').mayTry).toBe(false);
    expect(askGate(closedBy(null), 'support')).toEqual({ gate: closedBy('support'), mayTry: true });
  });
});
