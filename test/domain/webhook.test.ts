import { describe, expect, test } from '@jest/globals';
import { WEBHOOK_EVENTS, wantsEvent } from '../../src/domain/webhook.js';

describe('an endpoint', () => {
  test('that names no events hears of all but the QR code, which is a login', () => {
    const heard = WEBHOOK_EVENTS.filter((event) => wantsEvent({ events: null }, event));
    expect(heard).toEqual(WEBHOOK_EVENTS.filter((event) => event !== 'session.qr'));
  });

  test('hears of what it names and nothing else', () => {
    const heard = WEBHOOK_EVENTS.filter((event) => wantsEvent({ events: ['message', 'session.qr'] }, event));
    expect(heard).toEqual(['session.qr', 'message']);
    expect(WEBHOOK_EVENTS.some((event) => wantsEvent({ events: [] }, event))).toBe(false);
  });
});
