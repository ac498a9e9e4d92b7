import { expect, test } from '@jest/globals';
import { eventsOfState } from '../../../src/adapters/wwebjs/event-map.js';
import { SOCKET_STATES } from '../../../src/domain/session-event.js';

test.each([
  ['TOS_BLOCK', 'banned'],
  ['SMB_TOS_BLOCK', 'banned'],
  ['DEPRECATED_VERSION', 'outdated'],
  ['PROXYBLOCK', 'proxy_blocked'],
])('the state %s fails the session as %s', (state, reason) => {
  expect(eventsOfState(state)).toMatchObject([
    { type: 'socket-state', socketState: state },
    { type: 'failed', reason },
  ]);
});

test('every other state is told as it is, and fails nothing', () => {
  for (const state of SOCKET_STATES.filter((name) => !/BLOCK|DEPRECATED/.test(name))) {
    expect(eventsOfState(state)).toEqual([{ type: 'socket-state', socketState: state }]);
  }
});

test('a state that nobody knows is none', () => {
  expect(eventsOfState('SOMETHING_NEW')).toEqual([]);
});
