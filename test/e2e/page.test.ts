import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { scan } from '../support/link.js';
import { PageVisitor } from '../support/page-visitor.js';
import { leftoversOf } from '../support/processes.js';
import { API_KEY, type TestService, Workplace } from '../support/service.js';

const PHONE = '4915100000044';
const NOW = '[aria-label="Now"]';

describe('B10 R27 the life of a number, in the web page', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  let visitor: PageVisitor;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    visitor = await PageVisitor.start();
    await visitor.look({});
  }, 60_000);
  afterAll(async () => {
    await visitor.stop();
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('a wrong key is refused with words, the right one shows the numbers', async () => {
    await visitor.signIn(service.url, 'wrong-key');
    await visitor.sees('This key is not known here', '[role="alert"]');
    // Of the browser itself, of the answer 401.
    expect(visitor.complaints.splice(0)).toEqual([expect.stringContaining('401')]);
    await visitor.signIn(service.url, API_KEY);
    await visitor.sees('There are no numbers yet.');
  }, 60_000);

  test('it is added, and linked by the QR code on show', async () => {
    await visitor.press('Add a number');
    await visitor.type('Id', 'shop');
    await visitor.type('Label (optional)', 'Corner shop');
    await visitor.press('Add');
    await visitor.page.waitForSelector('dialog .qr img', { timeout: 30_000 });
    await visitor.sees('Waiting for scan', 'dialog');
    await scan(service, simulator, 'shop', PHONE);
    await visitor.sees('Connected', 'dialog .mark');
    await visitor.press('Done');
    await visitor.sees(`+${PHONE}`, '.session');
  }, 90_000);

  test('its browser is killed: it is seen to be lost and to come back, and the timeline says why', async () => {
    await visitor.follow('Corner shop');
    await visitor.sees('Connected', `${NOW} .mark`);
    const { browser } = await service.session('shop');
    // Both states may be short: whoever looks must not have missed the first one.
    const lost = visitor.sees('Reconnecting', `${NOW} .mark`);
    process.kill(browser?.pid ?? 0, 'SIGKILL');
    await lost;
    await visitor.sees('The browser ended unexpectedly. What helped: the browser was started again.', NOW);
    await visitor.sees('The browser ended unexpectedly.', '.timeline');
    await visitor.sees('Healed once', 'section');
    await visitor.sees('Last attempt', '.facts');
  }, 60_000);

  test('a message is sent from it, and what became of it is shown', async () => {
    await visitor.type('To (with country code)', '+49 176 00000099');
    await visitor.type('Text', 'Good morning');
    await visitor.press('Send a message');
    await visitor.sees('Good morning', '.outbox');
    await visitor.page.waitForSelector('.outbox .mark.good', { timeout: 20_000 });
    expect((await simulator.client.sent(PHONE)).map(({ body }) => body)).toEqual(['Good morning']);
  }, 60_000);

  test('a forced reconnect brings another browser, without a scan', async () => {
    const { browser } = await service.session('shop');
    const gone = visitor.sees('Connecting', `${NOW} .mark`);
    await visitor.press('Force reconnect');
    await gone;
    await visitor.sees('Connected', `${NOW} .mark`, 40_000);
    expect((await service.session('shop')).browser?.pid).not.toBe(browser?.pid);
  }, 60_000);

  test('its browser can be looked into', async () => {
    await visitor.press('Take a picture');
    await visitor.page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('img.screenshot')?.naturalWidth ?? 0) > 100,
      { timeout: 20_000 },
    );
  }, 60_000);

  test('logged out it waits for a person, who scans again in the same place', async () => {
    await visitor.press('Log out…');
    await visitor.sees('must scan a QR code', 'dialog');
    await visitor.press('Log out');
    await visitor.sees('Scan the QR code with the phone', NOW);
    await visitor.press('Show a new QR code');
    await visitor.page.waitForSelector('.qr img', { timeout: 30_000 });
    await scan(service, simulator, 'shop', PHONE);
    await visitor.sees('Connected', `${NOW} .mark`, 30_000);
  }, 90_000);

  test('its login is discarded only by who types its id', async () => {
    await visitor.press('Discard login…');
    const isDisabled = () => visitor.page.$eval('dialog button.danger', (button) => button.disabled);
    expect(await isDisabled()).toBe(true);
    await visitor.type('Type shop to go on', 'shop');
    expect(await isDisabled()).toBe(false);
    await visitor.press('Disconnect and discard');
    await visitor.sees('Disconnected', `${NOW} .mark`);
    expect(visitor.complaints).toEqual([]);
  }, 60_000);
});
