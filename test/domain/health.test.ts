import { describe, expect, test } from '@jest/globals';
import { judgeProbe, NO_SUSPICION, type ProbeHistory, type ProbeObservation } from '../../src/domain/health.js';

const MISSES_FOR_VERDICT = 2;
const healthy: ProbeObservation = {
  pageAnswered: true,
  browserAnswered: true,
  voided: false,
  socketState: 'CONNECTED',
  injected: true,
  latencyMs: 4,
};
const pageSilent: ProbeObservation = { ...healthy, pageAnswered: false, socketState: null, injected: false };
const allSilent: ProbeObservation = { ...pageSilent, browserAnswered: false };

function verdictsOf(observations: ProbeObservation[]) {
  let history: ProbeHistory = NO_SUSPICION;
  return observations.map((observation) => {
    const judged = judgeProbe(history, observation, MISSES_FOR_VERDICT);
    history = judged.history;
    return judged.verdict;
  });
}

describe('R04 B03 the verdict over probes', () => {
  test.each([
    ['a page that does not answer in a browser that does is hung', pageSilent, 'page_hung'],
    ['a browser that does not answer either is hung', allSilent, 'browser_hung'],
    ['a page without the library has been loaded anew', { ...healthy, injected: false }, 'not_injected'],
    ['a socket that is opening is lost', { ...healthy, socketState: 'OPENING' }, 'socket_lost'],
    ['a page without a socket is lost', { ...healthy, socketState: null }, 'socket_lost'],
  ] as const)('%s, at the second look', (_, observation, verdict) => {
    expect(verdictsOf([observation, observation])).toEqual(['unknown', verdict]);
  });

  test('a healthy probe is believed at once', () => {
    expect(verdictsOf([healthy])).toEqual(['healthy']);
  });

  test('one bad probe between good ones is forgotten', () => {
    expect(verdictsOf([pageSilent, healthy, pageSilent, healthy])).toEqual([
      'unknown',
      'healthy',
      'unknown',
      'healthy',
    ]);
  });

  test('two different faults in a row are a verdict on the later one', () => {
    expect(verdictsOf([pageSilent, allSilent])).toEqual(['unknown', 'browser_hung']);
  });

  test('silence proves nothing while our own event loop stalled, and the memory stays as it was', () => {
    const voided = { ...allSilent, voided: true };
    expect(verdictsOf([voided, voided, voided])).toEqual(['unknown', 'unknown', 'unknown']);
    expect(verdictsOf([pageSilent, voided, pageSilent])).toEqual(['unknown', 'unknown', 'page_hung']);
  });

  test('a fault that lasts keeps its verdict', () => {
    expect(verdictsOf([pageSilent, pageSilent, pageSilent])).toEqual(['unknown', 'page_hung', 'page_hung']);
  });
});
