import { describe, expect, test } from '@jest/globals';
import type { ClientEvent } from '../../src/domain/session-event.js';
import { placesOnly } from '../support/admission.js';
import { settled } from '../support/fake-clock.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aSession, type Session } from './session-driver.js';

const never = () => new AbortController().signal;

async function lost(session: Session, event: ClientEvent): Promise<void> {
  await session.connect();
  await session.tell(event);
}

/** A session in every stage of its life, at the moment when somebody wants it to end. */
const STAGES: Record<string, () => Promise<Session>> = {
  'waiting for admission': async () => {
    const admission = placesOnly(1);
    await admission.acquire(never());
    const session = aSession({ admission });
    session.actor.dispatch({ type: 'start' });
    await settled();
    expect(session.actor.state).toMatchObject({ status: 'connecting', deadlineAt: null });
    return session;
  },
  'launching a browser that hangs': async () => {
    const session = aSession();
    session.house.browsers.prepare = (client) => {
      client.startPlan = 'hangs';
    };
    session.actor.dispatch({ type: 'start' });
    await settled();
    expect(session.client().life).toBe('starting');
    return session;
  },
  'queued behind a close': async () => {
    const session = aSession();
    const client = await session.connect();
    client.closePlan = 'hangs';
    session.actor.dispatch({ type: 'force-reconnect' });
    await settled();
    setImmediate(() => client.letGo());
    return session;
  },
  'loading the page': async () => {
    const session = aSession();
    session.actor.dispatch({ type: 'start' });
    await settled();
    return session;
  },
  'showing a QR code': async () => {
    const session = aSession();
    session.actor.dispatch({ type: 'start' });
    await settled();
    await session.tell({ type: 'qr', text: 'one' });
    expect(session.status()).toBe('qr_pending');
    return session;
  },
  connected: async () => {
    const session = aSession();
    await session.connect();
    return session;
  },
  'giving its socket time': async () => {
    const session = aSession();
    await lost(session, { type: 'socket-state', socketState: 'OPENING' });
    expect(session.status()).toBe('reconnecting/grace');
    return session;
  },
  'reconnecting a socket that hangs': async () => {
    const session = aSession();
    const client = await session.connect();
    client.socketPlan = 'hangs';
    client.nextProbe = () => new Promise(() => {});
    await session.tell({ type: 'socket-state', socketState: 'OPENING' });
    await session.house.clock.advance(20_000);
    expect(client.calls.at(-1)).toBe('reconnectSocket');
    return session;
  },
  'reloading a page that hangs': async () => {
    const session = aSession();
    (await session.connect()).reloadPlan = 'hangs';
    await session.tell({ type: 'page-crashed' });
    expect(session.client().calls.at(-1)).toBe('reload');
    return session;
  },
  'about to reload behind a socket that hangs': async () => {
    const session = aSession();
    const client = await session.connect();
    client.socketPlan = 'hangs';
    client.reloadPlan = 'hangs';
    client.nextProbe = () => new Promise(() => {});
    await session.tell({ type: 'socket-state', socketState: 'OPENING' });
    await session.house.clock.advance(20_000);
    client.tell({ type: 'navigated' });
    return session;
  },
  'launching anew after a crash': async () => {
    const session = aSession();
    await session.connect();
    session.house.browsers.prepare = (client) => {
      client.startPlan = 'hangs';
    };
    await session.tell({ type: 'browser-exited' });
    expect(session.status()).toBe('reconnecting/relaunch');
    return session;
  },
  'waiting for the next attempt': async () => {
    const session = aSession();
    await lost(session, { type: 'browser-exited' });
    await session.tell({ type: 'browser-exited' });
    expect(session.status()).toBe('reconnecting/waiting');
    return session;
  },
};

describe('a session that is stopped', () => {
  test.each(Object.entries(STAGES))('while %s has no browser and never gets one again', async (_stage, reach) => {
    const session = await reach();
    const { actor, house, launches } = session;
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    expect(session.status()).toBe('disconnected');
    expect(house.browsers.live()).toBe(0);
    const before = launches();
    await house.clock.advance(3_600_000);
    expect(launches()).toBe(before);
    expect(house.clock.pending).toBe(0);
    expect(house.browsers.breaches).toEqual([]);
    expect(house.sessions.all()[0]?.state).toEqual(actor.state);
  });

  test('while a reload waits behind a send that hangs is not held up by either', async () => {
    const { connect, accept, tell, actor, house } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    client.reloadPlan = 'hangs';
    accept('hello');
    await settled();
    client.tell({ type: 'page-crashed' });
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    expect(house.browsers.live()).toBe(0);
    await tell({ type: 'browser-exited' });
    expect(actor.state.status).toBe('disconnected');
  });

  test('starts again when it is asked while its browser still closes', async () => {
    const { connect, actor, house, launches, client, status } = aSession();
    const first = await connect();
    first.closePlan = 'hangs';
    actor.dispatch({ type: 'stop', force: false });
    actor.dispatch({ type: 'start' });
    await settled();
    expect(launches()).toBe(1);
    first.letGo();
    await settled();
    expect(launches()).toBe(2);
    client().ready();
    expect(status()).toBe('connected');
    expect(house.browsers.breaches).toEqual([]);
  });

  test('gives the place of a launch that it waited for to the next', async () => {
    const admission = placesOnly(1);
    const release = await admission.acquire(never());
    const { actor } = aSession({ admission });
    actor.dispatch({ type: 'start' });
    await settled();
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    release();
    await expect(admission.acquire(never())).resolves.toBeInstanceOf(Function);
  });
});

describe('R25 the shutdown of a session', () => {
  test.each(Object.entries(STAGES))('while %s ends its browser and keeps its state', async (_stage, reach) => {
    const { actor, house, launches } = await reach();
    const { state } = actor;
    await actor.stop();
    expect(house.browsers.live()).toBe(0);
    expect(house.sessions.all()[0]?.state.status).toBe(state.status);
    expect(house.sessions.all()[0]?.state.desired).toBe('running');
    const before = launches();
    actor.dispatch({ type: 'start' });
    await house.clock.advance(3_600_000);
    expect(launches()).toBe(before);
    expect(house.clock.pending).toBe(0);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('is over only when the browser is closed, however often it is asked for', async () => {
    const { connect, actor } = aSession();
    const client = await connect();
    client.closePlan = 'hangs';
    const over: string[] = [];
    void actor.stop().then(() => over.push('first'));
    void actor.stop().then(() => over.push('second'));
    await settled();
    expect(over).toEqual([]);
    client.letGo();
    await settled();
    expect(over.toSorted()).toEqual(['first', 'second']);
    expect(client.life).toBe('closed');
  });

  test('lets the send that runs finish, and begins no other', async () => {
    const { connect, actor, accept, outbox, house } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    accept('one', 'two');
    await settled();
    const stopped = actor.stop();
    await settled();
    expect(client.life).toBe('running');
    client.letGo();
    await settled();
    await house.clock.advance(1000);
    // The page has it; whether WhatsApp's server does, only the server can say.
    expect(client.life).toBe('running');
    client.ack('one');
    await house.clock.advance(50);
    await stopped;
    expect(house.browsers.whatsapp('sales').texts).toEqual(['one']);
    expect(outbox()).toEqual({ 'one#1': 'sent', 'two#2': 'queued' });
  });

  test.each([
    ['for an acknowledgement that does not come', { beforeMs: 0, isBroken: false, waitsMs: 5000 }],
    ['for one that has not come since long', { beforeMs: 6000, isBroken: false, waitsMs: 0 }],
    ['for one that the database cannot tell of', { beforeMs: 0, isBroken: true, waitsMs: 50 }],
  ])('does not wait for ever %s', async (_what, { beforeMs, isBroken, waitsMs }) => {
    const { connect, actor, accept, house } = aSession();
    await connect();
    accept('one');
    await house.clock.advance(beforeMs);
    house.outbox.broken = isBroken;
    const stopped = actor.stop();
    await house.clock.advance(waitsMs);
    await stopped;
    expect(house.browsers.live()).toBe(0);
  });

  test('does not wait for ever for a send that hangs', async () => {
    const { connect, actor, accept, house } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    accept('one');
    await settled();
    const stopped = actor.stop();
    await house.clock.advance(5000);
    await stopped;
    expect(house.browsers.live()).toBe(0);
  });

  test('leaves nothing behind when the browser dies while the last send is waited for', async () => {
    const { connect, actor, accept, house, launches } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    accept('one');
    await settled();
    const stopped = actor.stop();
    client.tell({ type: 'browser-exited' });
    await house.clock.advance(5000);
    await stopped;
    const before = launches();
    await house.clock.advance(600_000);
    expect(launches()).toBe(before);
    expect(house.browsers.live()).toBe(0);
    expect(house.clock.pending).toBe(0);
  });

  test('stores what it knows although the browser cannot be closed, and says so', async () => {
    const { connect, actor, house } = aSession();
    const client = await connect();
    client.closePlan = new Error('it does not end');
    await house.clock.advance(1000);
    client.spec.onMessage(anIncoming('last', house.clock.now()));
    await expect(actor.stop()).rejects.toThrow('it does not end');
    expect(house.sessions.all()[0]?.facts.lastActivityAt).toBe(house.clock.now());
  });

  test('leaves no timer of a catch-up that failed', async () => {
    const { house, actor, client } = aSession();
    house.browsers.prepare = (made) => {
      made.catchUpPlan = new Error('the page is busy');
    };
    actor.dispatch({ type: 'start' });
    await settled();
    client().ready();
    await settled();
    await actor.stop();
    expect(house.clock.pending).toBe(0);
  });
});
