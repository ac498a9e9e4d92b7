import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { browsersUnder } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000097';
/** Longer than the wait for what is being sent, shorter than that and the ten seconds that a browser has to close. */
const SHUTDOWN_MS = 8000;
let simulator: Simulator;
let place: Workplace;
let service: TestService;

beforeAll(async () => {
  simulator = await startSimulator();
}, 60_000);
afterAll(() => simulator.stop(), 60_000);
beforeEach(async () => {
  place = new Workplace();
  service = await place.start(simulator.browserWrapper, { deadlines: { shutdownMs: SHUTDOWN_MS } });
  await linkSession(service, simulator, 'shop', PHONE);
  // It will not close, and what is to be sent stays where it is.
  for (const { pid } of browsersUnder(place.authDir)) process.kill(pid, 'SIGSTOP');
  const body = { to: '4917600000073', text: expect.getState().currentTestName };
  expect((await service.call('POST', '/api/sessions/shop/messages', body)).status).toBe(202);
}, 120_000);
afterEach(() => place.remove(), 60_000);

const lastLine = () => service.log.at(-1);

/** What such an end leaves behind harms nothing: the number is back without a scan, the message goes out, once. */
async function comesBack(): Promise<void> {
  expect(browsersUnder(place.authDir)).toHaveLength(1);
  const next = await place.start(simulator.browserWrapper);
  await next.reaches('shop', 'connected', 60_000);
  expect(next.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
  expect(browsersUnder(place.authDir)).toHaveLength(1);
  const sent = async () =>
    (await simulator.client.sent(PHONE)).filter(({ body }) => body === expect.getState().currentTestName);
  await until('the message has arrived', 60_000, async () => (await sent()).length > 0);
  await next.end('SIGTERM');
  expect(await sent()).toHaveLength(1);
}

test('R25 a second signal ends the service at once, and the log says so', async () => {
  process.kill(service.pid, 'SIGINT');
  await until('it stops', 2000, () => service.log.some(({ event }) => event === 'service.stopping'));
  const { code, tookMs } = await service.end('SIGINT');
  expect(code).toBe(1);
  expect(tookMs).toBeLessThan(2000);
  expect(lastLine()).toMatchObject({
    event: 'service.cut_short',
    message: 'Ends unfinished: a second signal came (SIGINT)',
    browsers: 1,
  });
  await comesBack();
}, 120_000);

test('R25 a shutdown that takes too long is given up in time, and the log says so', async () => {
  const { code, tookMs } = await service.end('SIGTERM');
  expect(code).toBe(1);
  expect(tookMs).toBeGreaterThanOrEqual(SHUTDOWN_MS - 50);
  expect(tookMs).toBeLessThan(SHUTDOWN_MS + 4000);
  expect(lastLine()).toMatchObject({
    event: 'service.cut_short',
    message: 'Ends unfinished: it is not done after 8 s',
    browsers: 1,
  });
  await comesBack();
}, 120_000);
