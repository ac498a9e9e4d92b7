import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../src/api/keys.js';
import { CONNECTED, LOST, type Realtime, startRealtime } from '../api/support/realtime-harness.js';
import { aKey } from '../support/fake-keys.js';
import { PageVisitor } from '../support/page-visitor.js';
import { fillFleet } from '../support/pictured-fleet.js';

/** What a stranger may write into a name or a message, in the hope that a page runs it. */
const EVIL =
  '"><img src=x onerror="hacked()"><script>hacked()</script><a href="javascript:hacked()">x</a>\u202e{{7*7}}';
const LONG = 'W'.repeat(200);

describe('the web page, against those who mean ill', () => {
  let visitor: PageVisitor;
  let world: Realtime;

  beforeAll(async () => {
    visitor = await PageVisitor.start();
  }, 60_000);
  afterAll(() => visitor.stop());
  beforeEach(async () => {
    world = await startRealtime();
    await visitor.look({});
  });
  afterEach(async () => {
    expect(visitor.complaints.splice(0)).toEqual([]);
    await visitor.page.goto('about:blank');
    await world.stop();
  });
  const go = (hash: string) =>
    visitor.page.evaluate((to) => {
      location.hash = to;
    }, hash);

  /** Puts it wherever words of others can come to stand. */
  function plant(words: string): void {
    const { fleet, deliveries } = world;
    fillFleet(fleet, Date.now());
    const { view, events, outbox } = fleet.peek('shop');
    fleet.peek('shop').view = { ...view, label: words, message: words, webVersion: words };
    const data = { reason: words, rung: words, detail: words };
    events.push({ seq: 99, sessionId: 'shop', at: Date.now(), event: 'session.lost', message: words, data });
    Object.assign(outbox[0] ?? {}, { content: { type: 'text', text: words }, failureCode: words, status: 'failed' });
    const [open] = fleet.incidentLog;
    if (open) open.message = words;
    const lane = { sessionId: 'shop', endpoint: 'session:shop' };
    deliveries.enqueue({ ...lane, id: 'dlv_1', eventId: 'evt_1', event: words, body: '{}', createdAt: Date.now() });
    deliveries.buryLane(lane, words, Date.now());
  }

  test('shows what strangers write as words, and runs none of it', async () => {
    plant(EVIL);
    world.keys.insert(aKey('operator', { id: 'odd', name: EVIL }), hashKey('odd'));
    await visitor.page.evaluateOnNewDocument(() => Object.assign(window, { hacked: () => console.error('hacked') }));
    await visitor.signIn(world.url, 'odd');
    for (const [hash, where] of [
      ['#/sessions', '.session-name'],
      ['#/sessions/shop', '.timeline'],
      ['#/sessions/shop', '.outbox'],
      ['#/fleet', '.incident-list'],
      ['#/webhooks', '.letters'],
    ] as const) {
      await go(hash);
      await visitor.sees(EVIL, where);
      expect(await visitor.page.$$('main :is(script, iframe, img[onerror], a[href^="javascript"])')).toEqual([]);
    }
    await go('#/log');
    world.publish({
      type: 'timeline',
      entry: { seq: 100, sessionId: 'shop', at: 1, event: 'session.lost', message: EVIL, data: { detail: EVIL } },
    });
    await visitor.sees(EVIL, '.timeline');
    await go(`#/sessions/${EVIL}`);
    await visitor.sees('There is no number with this id', 'main');
  }, 60_000);

  test('is not torn apart by what is very long', async () => {
    plant(LONG);
    await visitor.signIn(world.url, 'operator');
    const tooWide: string[] = [];
    for (const hash of ['#/sessions', '#/sessions/shop', '#/fleet', '#/webhooks'] as const) {
      await go(hash);
      await visitor.sees(LONG, 'main');
      for (const width of [360, 1440]) {
        await visitor.look({ width });
        if ((await visitor.overhang()) > 0) tooWide.push(`${hash} ${width}`);
      }
    }
    expect(tooWide).toEqual([]);
  }, 60_000);

  test('shows a key for some numbers nothing of the others, also while they change', async () => {
    fillFleet(world.fleet, Date.now());
    world.keys.insert(aKey('operator', { id: 'limited', sessionIds: ['shop'] }), hashKey('limited'));
    await visitor.signIn(world.url, 'limited');
    await visitor.sees('Corner shop', '.sessions');
    world.move('depot', LOST, CONNECTED);
    world.move('shop', LOST, CONNECTED);
    expect(await visitor.page.$$eval('.session', (rows) => rows.length)).toBe(1);
    expect(await visitor.buttons()).not.toContain('Add a number');
    for (const hash of ['#/sessions/depot', '#/log', '#/webhooks', '#/fleet']) {
      await go(hash);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await visitor.text()).not.toMatch(/Depot|Bakery|Pharmacy|4915100000006/);
    }
  }, 60_000);

  test('leaves the key out of every address, and cannot be put into a frame', async () => {
    const asked: string[] = [];
    visitor.page.on('request', (request) => asked.push(request.url()));
    await visitor.signIn(world.url, 'operator');
    await visitor.sees('There are no numbers yet');
    for (const hash of ['#/fleet', '#/webhooks', '#/log']) await go(hash);
    expect(asked.filter((url) => url.includes('operator'))).toEqual([]);

    await visitor.page.goto('about:blank');
    await visitor.page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      document.body.append(frame);
      await loaded;
    }, world.url);
    const framed = visitor.page.frames()[1];
    expect(framed?.url()).toMatch(/^chrome-error:/);
    visitor.complaints.splice(0);
  }, 60_000);

  test('gives two browsers with different keys what each may have', async () => {
    fillFleet(world.fleet, Date.now());
    await visitor.signIn(world.url, 'operator');
    await visitor.sees('Add a number');
    const other = await PageVisitor.start();
    await other.signIn(world.url, 'viewer');
    await other.sees('Corner shop');
    expect(await other.buttons()).not.toContain('Add a number');
    world.keys.remove('viewer');
    await world.clock.advance(2_000);
    await other.sees('You were signed out.', '[role="alert"]');
    expect(await visitor.text()).toContain('Add a number');
    await other.stop();
  }, 60_000);
});
