import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ClientError } from '../../src/domain/ports.js';
import type { ClientEvent, SessionEvent } from '../../src/domain/session-event.js';
import { type FakeClient, HEALTHY, type Plan, type SendPlan } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { aSession, type Session } from './session-driver.js';

const RUNS = 150;
/** Real time, on a machine that does much else. */
const PATIENCE_MS = 60_000;
const FAILS = new ClientError('init_timeout', 'slow');
const plan = fc.constantFrom<Plan>('works', 'works', 'hangs', FAILS);

/** How the browsers from now on behave. */
const manners = fc.record({
  startPlan: plan,
  closePlan: fc.constantFrom<Plan>('works', 'works', 'works', 'hangs', FAILS),
  reloadPlan: plan,
  socketPlan: plan,
  networkPlan: plan,
  networkIsUp: fc.boolean(),
  logoutPlan: plan,
  searchPlan: plan,
  catchUpPlan: plan,
  send: fc.constantFrom<SendPlan>('acked', 'works', 'lost', 'interrupted', 'hangs', 'hangs in chat'),
  probe: fc.constantFrom(HEALTHY, { ...HEALTHY, pageAnswered: false }, { ...HEALTHY, socketState: 'OPENING' }),
});
type Manners = typeof manners extends fc.Arbitrary<infer T> ? T : never;

const command = fc.constantFrom<SessionEvent>(
  { type: 'start' },
  { type: 'start' },
  { type: 'stop', force: false },
  { type: 'stop', force: true },
  { type: 'force-reconnect' },
  { type: 'logout' },
  { type: 'monitor' },
  { type: 'wake' },
);

const report = fc.constantFrom<ClientEvent>(
  { type: 'qr', text: 'one' },
  { type: 'authenticated' },
  { type: 'socket-state', socketState: 'OPENING' },
  { type: 'socket-state', socketState: 'CONNECTED' },
  { type: 'socket-state', socketState: 'CONFLICT' },
  { type: 'navigated' },
  { type: 'page-crashed' },
  { type: 'browser-exited' },
  { type: 'logged-out' },
  { type: 'failed', reason: 'network_down', detail: 'net::ERR_INTERNET_DISCONNECTED' },
  { type: 'failed', reason: 'disk_full', detail: '12 MB' },
);

type Step =
  | { do: 'command'; event: SessionEvent }
  /** A browser says something: the last one, or one before it. */
  | { do: 'report'; event: ClientEvent; back: number }
  | { do: 'manners'; manners: Manners }
  | { do: 'ready' | 'let go' | 'accept' }
  | { do: 'store'; works: boolean }
  | { do: 'wait'; ms: number };

const as = <T extends string>(name: T) => fc.constant(name);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: as('command'), event: command }) },
  { weight: 5, arbitrary: fc.record({ do: as('report'), event: report, back: fc.constantFrom(0, 0, 0, 1, 2) }) },
  { weight: 3, arbitrary: fc.record({ do: as('manners'), manners }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('ready', 'ready', 'let go', 'accept') }) },
  { weight: 1, arbitrary: fc.record({ do: as('store'), works: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: as('wait'), ms: fc.constantFrom(1, 2000, 20_000, 90_000, 400_000) }) },
);
const story = fc.array(fc.record({ step, rests: fc.boolean() }), { minLength: 10, maxLength: 50 });

function behave(client: FakeClient, { send, probe, ...plans }: Manners): void {
  Object.assign(client, plans);
  client.nextSend = () => send;
  client.nextProbe = () => probe;
}

/** Everything works from now on, also for browsers that hang. */
async function mend({ house, actor }: Session): Promise<void> {
  house.sessions.broken = false;
  // What could not be written down is written with the next event, whatever it is.
  actor.dispatch({ type: 'wake' });
  house.browsers.prepare = () => {};
  for (let i = 0; i < 5; i += 1) {
    for (const client of house.browsers.clients) client.letGo();
    await settled();
  }
}

async function take(session: Session, step: Step): Promise<void> {
  const { house, actor } = session;
  const { clients } = house.browsers;
  switch (step.do) {
    case 'command':
      return actor.dispatch(step.event);
    case 'report':
      return clients.at(-1 - step.back)?.tell(step.event);
    case 'manners':
      house.browsers.prepare = (client) => behave(client, step.manners);
      return clients.forEach((client) => {
        behave(client, step.manners);
      });
    case 'ready':
      return clients.at(-1)?.ready();
    case 'let go':
      return clients.forEach((client) => {
        client.letGo();
      });
    case 'accept':
      return session.accept(`text ${clients.length}`);
    case 'store':
      house.sessions.broken = !step.works;
      return;
    case 'wait':
      return house.clock.advance(step.ms);
    default:
      return step satisfies never;
  }
}

/** What the store knows, as far as it tells everything. */
const facts = ({ status, reason, epoch, desired, attempt, linked }: Session['actor']['state']) => {
  return { status, reason, epoch, desired, attempt, linked };
};

function expectOrder({ house, actor }: Session): void {
  expect(house.browsers.breaches).toEqual([]);
  expect(house.browsers.live()).toBeLessThanOrEqual(1);
  const stored = house.sessions.all()[0]?.state;
  if (!house.sessions.broken && stored !== undefined) expect(facts(stored)).toEqual(facts(actor.state));
}

async function lived(steps: readonly { step: Step; rests: boolean }[]): Promise<Session> {
  const session = aSession();
  for (const { step, rests } of steps) {
    await take(session, step);
    if (!rests) continue;
    session.actor.dispatch({ type: 'wake' });
    await settled();
    expectOrder(session);
  }
  return session;
}

describe('a session that lived through anything', () => {
  test(
    'never had two browsers, and has none when it is stopped',
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (steps) => {
          const session = await lived(steps);
          const { actor, house, launches, status } = session;
          actor.dispatch({ type: 'force-reconnect' });
          actor.dispatch({ type: 'stop', force: false });
          await mend(session);
          await actor.settled();
          expect(status()).toBe('disconnected');
          expect(house.browsers.live()).toBe(0);
          expectOrder(session);
          const before = launches();
          await house.clock.advance(3_600_000);
          expect(launches()).toBe(before);
          expect(house.clock.pending).toBe(0);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  test(
    'connects when a person asks for it and nothing is broken any more',
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (steps) => {
          const session = await lived(steps);
          const { actor, house, client, status } = session;
          await mend(session);
          actor.dispatch({ type: 'force-reconnect' });
          await mend(session);
          client().ready();
          await mend(session);
          expect(status()).toBe('connected');
          expect(house.browsers.live()).toBe(1);
          expectOrder(session);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );

  test(
    'leaves no browser and no timer behind when the service ends, whatever is under way',
    async () => {
      await fc.assert(
        fc.asyncProperty(story, async (steps) => {
          const session = await lived(steps);
          const { actor, house, launches } = session;
          house.sessions.broken = false;
          const stopped = actor.stop().catch(() => {});
          await house.clock.advance(5000);
          await mend(session);
          await stopped;
          expect(house.browsers.live()).toBe(0);
          const before = launches();
          for (const client of house.browsers.clients) client.tell({ type: 'browser-exited' });
          await house.clock.advance(3_600_000);
          expect(launches()).toBe(before);
          expect(house.clock.pending).toBe(0);
          expectOrder(session);
        }),
        { numRuns: RUNS },
      );
    },
    PATIENCE_MS,
  );
});
