import { describe, expect, test } from '@jest/globals';
import { Together } from '../../src/session/together.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeLogger } from '../support/fake-logger.js';
import { aSession } from './session-driver.js';

function aDesk() {
  const clock = new FakeClock();
  const logger = new FakeLogger();
  const did: string[] = [];
  const together = new Together({ clock, logger });
  const later = (name: string) => together.later('sales', () => void did.push(name));
  return { clock, logger, did, together, later };
}

describe('what nobody waits for', () => {
  test('is done in its order a quarter of a second later, with one timer for all of it', async () => {
    const { clock, did, later } = aDesk();
    for (const name of ['a', 'b', 'c']) later(name);
    await clock.advance(249);
    expect(did).toEqual([]);
    await clock.advance(1);
    expect(did).toEqual(['a', 'b', 'c']);
    expect(clock.fired).toBe(1);
    later('d');
    await clock.advance(250);
    expect(did).toEqual(['a', 'b', 'c', 'd']);
  });

  test('is done at once when everything ends, and not again', async () => {
    const { clock, did, together, later } = aDesk();
    later('a');
    together.now();
    expect(did).toEqual(['a']);
    await clock.advance(1000);
    expect(did).toEqual(['a']);
    expect(clock.pending).toBe(0);
  });

  test('holds up none of the others when it fails', () => {
    const { logger, did, together, later } = aDesk();
    together.later('support', () => {
      throw new Error('the disk is full');
    });
    later('b');
    together.now();
    expect(did).toEqual(['b']);
    expect(logger.lines).toMatchObject([{ event: 'session.effect_failed', fields: { sessionId: 'support' } }]);
  });
});

test("of a message's receipts only the server's own is taken at once", async () => {
  const { connect, accept, outbox, house } = aSession();
  const client = await connect();
  accept('hello');
  await house.clock.advance(0);
  client.ack('hello', 1);
  expect(Object.values(outbox())).toEqual(['sent']);
  client.ack('hello', 3);
  expect(Object.values(outbox())).toEqual(['sent']);
  await house.clock.advance(250);
  expect(Object.values(outbox())).toEqual(['read']);
});
