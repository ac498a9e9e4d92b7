import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

describe('the timer of the sender', () => {
  test.each([true, false])(
    'does not turn in circles when the page fails for an hour (preset ids: %s)',
    async (presetIds) => {
      const { accept, connect, clock, client, sends, searches, statuses } = aSender({ presetIds });
      await connect();
      client().nextSend = () => 'lost';
      client().searchPlan = new Error('the page is gone');
      accept('one', 'two');
      await clock.advance(3_600_000);
      expect(statuses()).toEqual({ m1: 'uncertain', m2: 'uncertain' });
      // Under an id of our choice nothing can come twice, so that it is tried again without seeing the chat.
      expect(sends()).toBe(presetIds ? 10 : 2);
      expect(searches()).toBeLessThanOrEqual(100);
      expect(clock.fired).toBeLessThanOrEqual(100);
    },
  );

  test('rests while the session is away', async () => {
    const { accept, connect, crash, plans, clock } = aSender();
    await connect();
    plans.push('works');
    accept('one');
    await settled();
    await crash();
    await clock.advance(3_600_000);
    expect(clock.fired).toBeLessThanOrEqual(2);
    expect(clock.pending).toBe(0);
  });

  test('rests when the acknowledgement comes while the look into the chat fails', async () => {
    const { accept, connect, plans, clock, client, statuses, lane, searches } = aSender();
    await connect();
    plans.push('works');
    client().searchPlan = 'hangs';
    accept('one');
    await clock.advance(30_000);
    client().ack('one');
    expect(statuses()).toEqual({ m1: 'sent' });
    lane.abortRunning();
    const before = clock.fired;
    await clock.advance(3_600_000);
    expect(clock.fired - before).toBeLessThanOrEqual(1);
    expect(searches()).toBe(1);
  });

  test('tries again after a time in which nothing could be stored', async () => {
    const { accept, connect, outbox, clock, whatsapp, statuses } = aSender();
    await connect();
    accept('one');
    outbox.broken = true;
    await clock.advance(60_000);
    expect(clock.fired).toBeLessThanOrEqual(30);
    outbox.broken = false;
    await clock.advance(2000);
    expect(whatsapp.texts).toEqual(['one']);
    expect(statuses()).toEqual({ m1: 'sent' });
  });

  test('comes back to an outbox that could not be read when it was called', async () => {
    const { accept, connect, outbox, sender, clock, whatsapp, crash } = aSender();
    await connect();
    await crash();
    accept('one');
    outbox.broken = true;
    await connect();
    sender.kick();
    await clock.advance(10_000);
    outbox.broken = false;
    await clock.advance(2000);
    expect(whatsapp.texts).toEqual(['one']);
  });

  test('looks up what was handed over when that could not be stored', async () => {
    const { accept, connect, plans, outbox, clock, whatsapp, client, statuses } = aSender();
    await connect();
    plans.push('hangs');
    accept('one');
    await settled();
    outbox.broken = true;
    client().letGo();
    await clock.advance(10_000);
    outbox.broken = false;
    await clock.advance(2000);
    client().ack('one');
    expect(whatsapp.texts).toEqual(['one']);
    expect(statuses()).toEqual({ m1: 'sent' });
  });
});
