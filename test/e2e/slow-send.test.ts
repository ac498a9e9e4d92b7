import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000098';
const place = new Workplace();
let simulator: Simulator;
let service: TestService;

beforeAll(async () => {
  simulator = await startSimulator();
  // Deadlines far below what the line takes, so that every handover is given up while the page still works on it.
  service = await place.start(simulator.browserWrapper, { messages: { sendTimeoutMs: 3000, ackTimeoutMs: 3000 } });
  await linkSession(service, simulator, 'shop', PHONE);
}, 120_000);
afterAll(async () => {
  await place.remove();
  await simulator.stop();
}, 60_000);

test('a handover that outlasts its deadline in the page is not made a second time', async () => {
  await simulator.client.fault(PHONE, { kind: 'slow', latencyMs: 4000 });
  const ids: string[] = [];
  for (const to of ['4917600000071', '4917600000072']) {
    const { body } = await service.call<{ id: string }>('POST', '/api/sessions/shop/messages', {
      to,
      text: `Slow ${to}`,
    });
    ids.push(body.id);
  }
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  await simulator.client.clearFaults(PHONE);
  await until('both messages are sent', 60_000, async () => {
    const states = await Promise.all(ids.map((id) => service.call('GET', `/api/sessions/shop/messages/${id}`)));
    return states.every(({ body }) => ['sent', 'delivered', 'read'].includes(String(body.status)));
  });
  // Order is kept within a chat; these are two.
  expect((await simulator.client.sent(PHONE)).map(({ body }) => body).sort()).toEqual([
    'Slow 4917600000071',
    'Slow 4917600000072',
  ]);
  expect((await simulator.client.duplicates(PHONE)).sameBody).toBe(0);
}, 120_000);
