import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000095';

describe('WhatsApp Web opened elsewhere with the same login', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper, { conflict: { maxTakeovers: 2 } });
    await linkSession(service, simulator, 'shop', PHONE);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('is taken back in the page, twice, and then left to the other with a word to the operator', async () => {
    const [before] = browsersUnder(place.authDir);
    for (let round = 1; round <= 2; round += 1) {
      await simulator.client.fault(PHONE, { kind: 'conflict' });
      await until('the login is taken back', 20_000, async () => {
        const { status, message } = await service.session('shop');
        return status === 'connected' && message.includes('taken back') && takeovers() === round;
      });
    }
    expect(browsersUnder(place.authDir)).toEqual([before]);
    expect((await service.session('shop')).attempt).toBe(0);

    await simulator.client.fault(PHONE, { kind: 'conflict' });
    const parked = await service.reaches('shop', 'error');
    expect(parked).toMatchObject({ reason: 'conflict', userAction: 'close_other_owner', nextAttemptAt: null });
    await until('the browser is closed', 20_000, () => browsersUnder(place.authDir).length === 0);

    await service.call('POST', '/api/sessions/shop/force-reconnect');
    await service.reaches('shop', 'connected');
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toHaveLength(1);
  }, 120_000);

  const takeovers = () =>
    service.log.filter(({ event, rung }) => event === 'session.connected' && rung === 'takeover').length;
});
