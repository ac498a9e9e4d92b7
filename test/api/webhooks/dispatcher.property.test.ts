import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aWebhook, type Behaviour, driveWebhooks } from './webhook-driver.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const sessions = ['a', 'b', 'c'];
const aStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('receive' as const), session: fc.constantFrom(...sessions) }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: MINUTE_MS }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
);
const aBehaviour = fc.constantFrom<Behaviour>(200, 200, 200, 204, 500, 503, 'down', 429, 422);

describe('whatever receivers do and whenever the service restarts', () => {
  test('each message is taken once and in order of its session, or is a dead letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(aStep, { maxLength: 30 }),
        fc.array(aBehaviour, { minLength: 1, maxLength: 20 }),
        async (steps, behaviours) => {
          const own = Object.fromEntries(sessions.map((id) => [id, aWebhook(`http://${id}/`)]));
          const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];
          const house = driveWebhooks(own, { endpoints, concurrency: 2, keepDeliveredDays: 99 });
          let calls = 0;
          house.receivers.behave = () => {
            calls += 1;
            return behaviours[calls % behaviours.length] ?? 200;
          };
          let process: Pick<typeof house, 'dispatcher' | 'receive'> = house;
          let count = 0;
          for (const step of steps) {
            if (step.type === 'receive') {
              count += 1;
              process.receive(step.session, `${step.session} ${String(count).padStart(3, '0')}`);
            } else if (step.type === 'wait') {
              await house.clock.advance(step.ms);
            } else {
              await process.dispatcher.stop();
              process = house.process();
              process.dispatcher.start();
            }
          }
          // Long enough for the whole schedule of every message of a lane, one after the other.
          await house.clock.advance(DAY_MS * (count + 1) * 0.5);

          expect(house.statuses()).not.toContain('queued');
          expect(house.statuses()).toHaveLength(2 * count);
          const taken = house.taken();
          expect(new Set(taken).size).toBe(taken.length);
          expect(taken).toHaveLength(house.statuses().filter((status) => status === 'delivered').length);
          for (const host of ['all', ...sessions]) {
            for (const session of sessions) {
              const lane = taken.filter((line) => line.startsWith(`${host} ${session} `));
              expect(lane).toEqual(lane.toSorted());
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
