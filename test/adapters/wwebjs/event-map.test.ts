import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { Client } from 'whatsapp-web.js';
import { eventsOfState, forwardEvents } from '../../../src/adapters/wwebjs/event-map.js';
import { type ClientEvent, SOCKET_STATES } from '../../../src/domain/session-event.js';

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

test.each<[string, unknown[], ClientEvent]>([
  ['qr', ['2@code'], { type: 'qr', text: '2@code' }],
  ['authenticated', [], { type: 'authenticated' }],
  ['auth_failure', ['The login is not valid any more'], { type: 'auth-failed' }],
  ['loading_screen', ['42', 'WhatsApp'], { type: 'progress', percent: 42 }],
  ['loading_screen', ['soon', 'WhatsApp'], { type: 'progress', percent: 0 }],
])('what the library calls %s with %p is told at once', (name, given, told) => {
  const events: ClientEvent[] = [];
  const client = new EventEmitter();
  forwardEvents(client as unknown as Client, (event) => events.push(event));
  client.emit(name, ...given);
  expect(events).toEqual([told]);
});
