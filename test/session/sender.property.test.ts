import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SendPlan } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

/** Real time, on a machine that does much else. */
const PATIENCE_MS = 120_000;
const CHATS = ['491511111111@c.us', '491522222222@c.us'];
/** Past ten minutes a chat that cannot be read is given up, which is another story. */
const UNREADABLE_MS = 500_000;

/** One thing that happens to the outbox of a number. */
type Step =
  | { do: 'accept'; text: string; chat: string; plan: SendPlan }
  | { do: 'crash' | 'connect' | 'let go' | 'ack' }
  | { do: 'search'; works: boolean }
  | { do: 'store'; works: boolean }
  | { do: 'wait'; ms: number };

const notTaken = { refused: 'not_taken', detail: 'the page threw' } as const;
const plan = fc.constantFrom<SendPlan>(
  ...(['acked', 'works', 'lost', 'interrupted', 'hangs', 'hangs in chat', 'refused', 'forgotten'] as const),
  notTaken,
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    // Few texts, so that twins are common.
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      text: fc.constantFrom('a', 'b', 'c'),
      chat: fc.constantFrom(...CHATS),
      plan,
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('crash', 'connect', 'connect', 'let go', 'ack') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('search' as const), works: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store' as const), works: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 2000, 31_000) }) },
);

/** Whether a step is followed at once by the next, or everything comes to rest between them. */
const steps = fc.array(fc.record({ step, rests: fc.boolean() }), { minLength: 5, maxLength: 60 });

describe('the sender', () => {
  test.each([true, false])(
    'brings every accepted message into its chat exactly once and in order, whatever breaks (preset ids: %s)',
    async (presetIds) => {
      await fc.assert(
        fc.asyncProperty(steps, async (story) => {
          const told = aSender({ maxAttempts: 1000, presetIds });
          const { house, whatsapp, plans, acceptFor, connect, crash, clock, sender } = told;
          const accepted: { chat: string; text: string }[] = [];
          let connected = false;
          let searches = true;
          let unreadableMs = 0;
          const search = (works: boolean) => {
            searches = works;
            if (works) unreadableMs = 0;
            if (connected) told.client().searchPlan = works ? 'works' : new Error('the page is busy');
          };

          const take: Record<Step['do'], (step: Step) => Promise<void>> = {
            async accept(step) {
              if (step.do !== 'accept' || house.outbox.broken) return;
              // Without an id of our choice nobody can tell such a message from one that was never sent.
              plans.push(step.plan === 'forgotten' && !presetIds ? 'interrupted' : step.plan);
              accepted.push(step);
              acceptFor(step.chat, step.text);
            },
            async connect() {
              if (!connected) await connect();
              connected = true;
              search(searches);
            },
            async crash() {
              connected = false;
              await crash();
            },
            async 'let go'() {
              if (connected) told.client().letGo();
            },
            async ack() {
              if (connected && !house.outbox.broken) for (const text of ['a', 'b', 'c']) told.client().ack(text);
            },
            async search(step) {
              search(step.do === 'search' && step.works);
            },
            async store(step) {
              house.outbox.broken = step.do === 'store' && !step.works;
            },
            async wait(step) {
              if (!searches && connected) unreadableMs += step.do === 'wait' ? step.ms : 0;
              if (unreadableMs > UNREADABLE_MS) search(true);
              await clock.advance(step.do === 'wait' ? step.ms : 0);
            },
          };
          for (const { step, rests } of story) {
            await take[step.do](step);
            if (rests) await settled();
          }

          house.outbox.broken = false;
          plans.length = 0;
          await crash();
          await connect();
          sender.kick();
          // What was refused waits for minutes; what the page has already, for its acknowledgement.
          for (let minutes = 0; minutes < 60; minutes += 1) {
            await clock.advance(60_000);
            for (const text of ['a', 'b', 'c']) told.client().ack(text);
          }
          await clock.advance(0);

          for (const chat of CHATS) {
            const own = accepted.filter((message) => message.chat === chat);
            expect(whatsapp.textsTo(chat)).toEqual(own.map(({ text }) => text));
          }
          expect(new Set(Object.values(told.statuses()))).toEqual(new Set(accepted.length > 0 ? ['sent'] : []));
          expect(house.browsers.breaches).toEqual([]);
          // An hour of rest is an hour of rest.
          const before = clock.fired;
          await clock.advance(3_600_000);
          expect(clock.fired - before).toBeLessThanOrEqual(1);
        }),
        { numRuns: 300 },
      );
    },
    PATIENCE_MS,
  );
});
