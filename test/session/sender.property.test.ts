import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SendPlan } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

/** Real time, on a machine that does much else. */
const PATIENCE_MS = 60_000;

/** One thing that happens to the outbox of a number. */
type Step =
  | { do: 'accept'; text: string; plan: SendPlan }
  | { do: 'crash' | 'connect' | 'let go' | 'ack' }
  | { do: 'search'; works: boolean }
  | { do: 'store'; works: boolean }
  | { do: 'wait'; ms: number };

const plan = fc.constantFrom<SendPlan>('acked', 'works', 'lost', 'interrupted', 'hangs', 'hangs in chat');
const step: fc.Arbitrary<Step> = fc.oneof(
  // Few texts, so that twins are common.
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('accept' as const), text: fc.constantFrom('a', 'b', 'c'), plan }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('crash', 'connect', 'connect', 'let go', 'ack') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('search' as const), works: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('store' as const), works: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 500, 2000, 31_000) }) },
);

/** Whether a step is followed at once by the next, or everything comes to rest between them. */
const steps = fc.array(fc.record({ step, rests: fc.boolean() }), { minLength: 5, maxLength: 60 });

describe('the sender', () => {
  test(
    'brings every accepted message into the chat exactly once and in order, whatever breaks',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (story) => {
          const told = aSender({ maxAttempts: 1000 });
          const { house, whatsapp, plans, accept, connect, crash, clock, sender } = told;
          const accepted: string[] = [];
          let connected = false;
          let searches = true;

          const take: Record<Step['do'], (step: Step) => Promise<void>> = {
            async accept(step) {
              if (step.do !== 'accept' || house.outbox.broken) return;
              plans.push(step.plan);
              accepted.push(step.text);
              accept(step.text);
            },
            async connect() {
              if (!connected) await connect();
              connected = true;
              told.client().searchPlan = searches ? 'works' : new Error('the page is busy');
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
              searches = step.do === 'search' && step.works;
              if (connected) told.client().searchPlan = searches ? 'works' : new Error('the page is busy');
            },
            async store(step) {
              house.outbox.broken = step.do === 'store' && !step.works;
            },
            async wait(step) {
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
          searches = true;
          await connect();
          told.client().searchPlan = 'works';
          sender.kick();
          await clock.advance(60_000);
          for (const text of ['a', 'b', 'c']) told.client().ack(text);

          expect(whatsapp.texts).toEqual(accepted);
          expect(new Set(Object.values(told.statuses()))).toEqual(new Set(accepted.length > 0 ? ['sent'] : []));
          expect(house.browsers.breaches).toEqual([]);
          // An hour of rest is an hour of rest.
          const before = clock.fired;
          await clock.advance(3_600_000);
          expect(clock.fired - before).toBeLessThanOrEqual(1);
        }),
        { numRuns: 400 },
      );
    },
    PATIENCE_MS,
  );
});
