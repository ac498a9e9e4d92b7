import { expect, test } from '@jest/globals';
import type { BusEvent } from '../../src/domain/bus-event.js';
import { EventBus } from '../../src/fleet/event-bus.js';
import { FakeLogger } from '../support/fake-logger.js';

const probe = (latencyMs: number): BusEvent => ({ type: 'probe', sessionId: 'sales', latencyMs });

function aBus() {
  const logger = new FakeLogger();
  const heard: string[] = [];
  const bus = new EventBus(logger);
  const listen = (name: string) =>
    bus.subscribe((event) => heard.push(`${name} ${event.type === 'probe' ? event.latencyMs : ''}`));
  return { bus, logger, heard, listen };
}

test('B05 a listener that throws harms no other listener, nor whoever told, and is logged', () => {
  const { bus, logger, heard, listen } = aBus();
  listen('first');
  bus.subscribe(() => {
    throw new Error('broken');
  });
  listen('last');
  bus.publish(probe(1));
  bus.publish(probe(2));
  expect(heard).toEqual(['first 1', 'last 1', 'first 2', 'last 2']);
  expect(logger.lines).toHaveLength(2);
  expect(logger.lines[0]).toEqual({
    level: 'error',
    event: 'service.unhandled',
    message: 'A listener of the event bus threw: Error: broken',
    fields: { type: 'probe' },
  });
});

test('a subscription ends for its own listener only', () => {
  const { bus, heard, listen } = aBus();
  const end = listen('first');
  listen('last');
  end();
  end();
  bus.publish(probe(1));
  expect(heard).toEqual(['last 1']);
});
