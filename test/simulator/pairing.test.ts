import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SimulatorClient } from '../../simulator/client.js';
import type { RunningSimulator } from '../../simulator/server/running-simulator.js';
import { FakePage, linkedPage, quickSimulator, signedIn } from './fake-page.js';

const NUMBER = '491511111111';

describe('pairing', () => {
  let dir: string;
  let simulator: RunningSimulator;
  let client: SimulatorClient;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wakeful-sim-test-'));
    ({ simulator, client } = await quickSimulator(dir));
  });
  afterEach(async () => {
    await simulator.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('links the number that scans the text of the QR code', async () => {
    const page = await FakePage.open(simulator);
    const { ref } = await page.next('qr');
    await client.scanQr(`${ref},static,identity,secret,1`, NUMBER);
    expect((await page.next('paired')).credentials.phoneNumber).toBe(NUMBER);
    expect(await client.accounts()).toMatchObject([{ phoneNumber: NUMBER, linked: true, connections: 0 }]);
  });

  it('rotates the reference, and takes only the newest', async () => {
    await client.settings({ qrRotateMs: 50 });
    const page = await FakePage.open(simulator);
    const old = await page.next('qr');
    const fresh = await page.next('qr');
    expect(fresh.ref).not.toBe(old.ref);
    await expect(client.scanQr(old.ref, NUMBER)).rejects.toMatchObject({ code: 'qr-expired', status: 409 });
  });

  it('goes idle when the references have run out, and shows a new one on refresh', async () => {
    await client.settings({ qrRotateMs: 50, qrRefs: 2 });
    const page = await FakePage.open(simulator);
    await page.next('qr-idle');
    // The new one is to stay until it is scanned, however slow the machine is.
    await client.settings({ qrRotateMs: 20_000 });
    page.send({ kind: 'refresh-qr' });
    await client.scanQr((await page.next('qr')).ref, NUMBER);
    await page.next('paired');
  });

  it('links by pairing code, for the number that the code was made for', async () => {
    const page = await FakePage.open(simulator);
    page.send({ kind: 'ask', n: 1, question: { about: 'pairing-code', phoneNumber: NUMBER } });
    const code = String((await page.next('answer')).value);
    expect(code).toMatch(/^[0-9A-Z]{8}$/);
    await expect(client.enterPairingCode(code, '491599999999')).rejects.toMatchObject({ code: 'code-unknown' });
    await client.enterPairingCode(code, NUMBER);
    await page.next('paired');
  });

  it('lets the credentials in again without a QR code', async () => {
    const { page, credentials } = await linkedPage(simulator, client, NUMBER);
    await page.close();
    const again = await signedIn(simulator, credentials);
    expect(await client.accounts()).toMatchObject([{ connections: 1, synced: true, pageLoads: 2 }]);
    await again.page.close();
  });

  it('tells a page that is there when the phone unlinks it, and one that comes later too', async () => {
    const { page, credentials } = await linkedPage(simulator, client, NUMBER);
    await client.unlink(NUMBER);
    await page.next('unlinked');
    const later = await FakePage.open(simulator, credentials);
    await later.next('unlinked');
    await expect(client.unlink(NUMBER)).rejects.toMatchObject({ code: 'not-linked' });
  });

  it('keeps the links over a restart in the same folder', async () => {
    const { credentials } = await linkedPage(simulator, client, NUMBER);
    await client.deliver(NUMBER, { from: '491522222222', body: 'kept' });
    await simulator.stop();
    ({ simulator, client } = await quickSimulator(dir));
    const { sync } = await signedIn(simulator, credentials);
    expect(sync.messages).toMatchObject([{ body: 'kept' }]);
  });

  it('pushes the older page out when a second one comes with the same credentials', async () => {
    const { page, credentials } = await linkedPage(simulator, client, NUMBER);
    await signedIn(simulator, credentials);
    await page.next('conflict');
    expect(await client.accounts()).toMatchObject([{ connections: 1, conflicts: 1 }]);
  });
});
