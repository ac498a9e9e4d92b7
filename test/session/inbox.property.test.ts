import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settled } from '../support/fake-clock.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { anInbox } from './inbox-driver.js';

type Step =
  /** Somebody writes: told by the page when one is there. */
  | { type: 'write' }
  /** The page tells nothing of it, as of all that it gets by a sync: only while something may be missing. */
  | { type: 'write silently'; agoShare: number }
  | { type: 'lose' }
  | { type: 'kill' }
  | { type: 'connect'; works: boolean }
  | { type: 'last look'; works: boolean }
  | { type: 'fill the disk'; full: boolean }
  | { type: 'wait'; minutes: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ type: 'write' }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('write silently' as const),
      agoShare: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'lose' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'kill' }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('connect' as const), works: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('last look' as const), works: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('fill the disk' as const), full: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 90 }) }) },
);

test('whatever is lost, killed or full, every message is stored and told once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const house = await anInbox();
      const { client, whatsapp, clock, store, calls } = house;
      let { inbox } = house;
      let listening = false;
      /** Since when messages may be missing, null when none may. */
      let gapAt: number | null = clock.now();
      let count = 0;

      const write = (timestamp: number) => {
        count += 1;
        const message = anIncoming(`m${count}`, timestamp);
        whatsapp.received.push(message);
        return message;
      };
      const look = async (which: 'first' | 'last', works: boolean) => {
        client.catchUpPlan = works ? 'works' : new Error('the page is busy');
        const looked = await inbox.catchUp(client, which).then(
          () => true,
          () => false,
        );
        if (looked && which === 'last') gapAt = null;
      };
      const take = async (one: Step) => {
        switch (one.type) {
          case 'write': {
            const message = write(clock.now());
            if (listening) inbox.receive(message);
            return;
          }
          case 'write silently':
            if (gapAt !== null) write(Math.floor(gapAt + (clock.now() - gapAt) * one.agoShare));
            return;
          case 'lose':
          case 'kill':
            if (one.type === 'kill') inbox = house.restart();
            else inbox.interrupted();
            listening = false;
            gapAt ??= clock.now();
            return;
          case 'connect':
            listening = true;
            return look('first', one.works);
          case 'last look':
            return listening ? look('last', one.works) : undefined;
          case 'fill the disk':
            store.broken = one.full;
            return;
          case 'wait':
            return clock.advance(one.minutes * 60_000);
          default:
            return one satisfies never;
        }
      };

      for (const one of steps) {
        await take(one);
        // What could not be stored is read again: the inbox has asked for that.
        if (calls.splice(0).includes('trouble')) gapAt ??= clock.now();
      }
      store.broken = false;
      listening = true;
      await look('first', true);
      await look('last', true);
      await settled();
      const ids = whatsapp.received.map(({ id }) => id).toSorted();
      expect(
        house
          .stored()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(ids);
      // A test that could not store what it told would have told it twice.
      expect(new Set(house.published()).size).toBe(house.published().length);
    }),
    { numRuns: 500 },
  );
});
