import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakePage, linkedPage, signedIn } from './fake-page.js';
import { useLinkedNumber } from './linked-number.js';

const NUMBER = '491511111111';
const OTHER = '491544444444';

describe('faults', () => {
  const stage = useLinkedNumber(NUMBER);
  let { simulator, client, page, credentials } = stage;
  beforeEach(() => {
    ({ simulator, client, page, credentials } = stage);
  });

  it('drop cuts the socket once', async () => {
    expect(await client.fault(NUMBER, { kind: 'drop' })).toEqual({ struck: 1 });
    await page.closed();
    await signedIn(simulator, credentials);
  });

  it('drop with forMs refuses the socket for that long, and nobody else', async () => {
    const other = await linkedPage(simulator, client, OTHER);
    await client.fault(NUMBER, { kind: 'drop', forMs: 60_000 });
    await page.closed();
    await (await FakePage.open(simulator, credentials)).closed();
    await other.page.seen();
    await client.clearFaults(NUMBER);
    await signedIn(simulator, credentials);
  });

  it('network-down for everybody refuses even the connection', async () => {
    await client.fault('*', { kind: 'network-down' });
    await page.closed();
    await expect(FakePage.open(simulator, credentials)).rejects.toThrow();
    await client.clearFaults();
    await signedIn(simulator, credentials);
  });

  it('a fault with forMs ends by itself', async () => {
    await client.fault(NUMBER, { kind: 'black-hole', forMs: 50 });
    await page.seen();
  });

  it('black-hole holds back both directions, and lets them go late', async () => {
    await client.fault(NUMBER, { kind: 'black-hole' });
    await client.deliver(NUMBER, { from: OTHER, body: 'held back' });
    const id = page.sendText(OTHER, 'on its way');
    // The control API answers after the frame could have been read, had it not been held.
    expect(await client.sent(NUMBER)).toEqual([]);
    await client.clearFaults();
    expect(await page.next('message')).toMatchObject({ message: { body: 'held back' } });
    expect(await page.next('ack')).toMatchObject({ id });
  });

  it('slow delays what passes', async () => {
    await client.fault(NUMBER, { kind: 'slow', latencyMs: 40 });
    const before = performance.now();
    await page.seen();
    expect(performance.now() - before).toBeGreaterThanOrEqual(75);
  });

  it('stalled-socket leaves the next load without an answer', async () => {
    await client.fault(NUMBER, { kind: 'stalled-socket' });
    const next = await FakePage.open(simulator, credentials);
    expect((await next.seen()).map((frame) => frame.kind)).toEqual(['pong']);
  });

  it('stalled-ready connects the next load and never syncs it', async () => {
    await client.fault(NUMBER, { kind: 'stalled-ready' });
    const next = await FakePage.open(simulator, credentials);
    await next.next('welcome');
    expect((await next.seen()).map((frame) => frame.kind)).not.toContain('sync');
    expect(await client.accounts()).toMatchObject([{ connections: 1, synced: false }]);
  });

  it('terminal tells the page that is there and those that come', async () => {
    await client.fault(NUMBER, { kind: 'terminal', state: 'TOS_BLOCK' });
    expect(await page.next('terminal')).toMatchObject({ state: 'TOS_BLOCK' });
    const next = await FakePage.open(simulator, credentials);
    expect(await next.next('terminal')).toMatchObject({ state: 'TOS_BLOCK' });
  });

  it('rate-limit refuses every send until it is cleared', async () => {
    await client.fault(NUMBER, { kind: 'rate-limit' });
    page.sendText(OTHER, 'no');
    await page.next('refused');
    await client.clearFaults(NUMBER);
    page.sendText(OTHER, 'yes');
    await page.next('ack');
  });

  it.each([
    [{ kind: 'hang-page', forMs: 5 } as const, { order: 'hang', forMs: 5 }],
    [{ kind: 'crash-page' } as const, { order: 'crash' }],
    [{ kind: 'self-reload' } as const, { order: 'reload' }],
    [{ kind: 'push-state', times: 3 } as const, { order: 'push-state', times: 3 }],
  ])('%j orders the page to do it', async (fault, order) => {
    await client.fault('*', fault);
    expect(await page.next('order')).toEqual({ kind: 'order', order });
  });

  it('logout unlinks the device', async () => {
    await client.fault(NUMBER, { kind: 'logout' });
    await page.next('unlinked');
    expect(await client.accounts()).toMatchObject([{ linked: false, unlinks: 1 }]);
  });

  it('refuses a fault it does not know, and says why', async () => {
    const answer = await fetch(`${simulator.controlUrl}/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ target: '*', fault: { kind: 'earthquake' } }),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'invalid', detail: expect.stringContaining('fault.kind') });
  });

  it('reset forgets accounts, faults and settings', async () => {
    await client.fault('*', { kind: 'rate-limit' });
    await client.settings({ qrRefs: 1 });
    await client.reset();
    await page.closed();
    expect(await client.accounts()).toEqual([]);
    expect(await client.settings({})).toMatchObject({ qrRefs: 6 });
  });
});
