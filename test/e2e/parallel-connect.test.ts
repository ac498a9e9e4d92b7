import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';

describe('R07 many calls at once for one session', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
  }, 60_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('20 parallel connects make one browser', async () => {
    await service.call('POST', '/api/sessions', { id: 'busy', start: false });
    const most = watchBrowsers(place.authDir);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.call('POST', '/api/sessions/busy/connect')),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
    await service.reaches('busy', 'qr_pending');
    expect(browsersUnder(place.authDir)).toHaveLength(1);
    expect(most.stop()).toBe(1);
    expect(service.log.filter(({ event }) => event === 'client.launched')).toHaveLength(1);
  }, 60_000);

  test('a storm of connect, disconnect and force-reconnect never has two browsers', async () => {
    const most = watchBrowsers(place.authDir);
    const commands = ['connect', 'disconnect', 'force-reconnect', 'connect', 'force-reconnect'];
    await Promise.all(commands.map((command) => service.call('POST', `/api/sessions/busy/${command}`)));
    await service.call('POST', '/api/sessions/busy/connect');
    await service.reaches('busy', 'qr_pending');
    expect(browsersUnder(place.authDir)).toHaveLength(1);
    await service.call('POST', '/api/sessions/busy/disconnect');
    expect(browsersUnder(place.authDir)).toEqual([]);
    expect(most.stop()).toBe(1);
  }, 60_000);
});

/** The largest number of browsers seen at the same time. */
function watchBrowsers(authDir: string): { stop(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, browsersUnder(authDir).length);
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}
