import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Client } from 'whatsapp-web.js';
import { ClientBench, type ClientLaunch, FRIEND, PHONE } from '../adapters/wwebjs/support/client-bench.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

const bench = new ClientBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.prepare());
afterEach(() => bench.clear());

/**
 * Reloads the page once more, in front of the call number `step` that is made into it; gives whether it came so far. The
 * same call again and again, as for each function that the library exposes, counts as one.
 */
function reloadAt(made: ClientLaunch, step: number, isAwaited: boolean): { reached(): boolean; forget(): void } {
  const page = (made.client.library() as unknown as Client).pupPage;
  if (page === undefined) throw new Error('no page');
  const usual = page.evaluate;
  let calls = 0;
  let last: unknown;
  page.evaluate = (async (...args: Parameters<typeof usual>) => {
    const isAnother = String(args[0]) !== last;
    last = String(args[0]);
    if (isAnother) calls += 1;
    if (isAnother && calls === step) {
      const loaded = page.waitForNavigation({ waitUntil: 'load' });
      await usual.call(page, () => void window.location.reload());
      await loaded;
      if (isAwaited) await page.waitForFunction(() => window.Debug?.VERSION !== undefined, { polling: 20 });
    }
    return usual.apply(page, args);
  }) as typeof page.evaluate;
  return {
    reached: () => calls >= step,
    forget() {
      page.evaluate = usual;
    },
  };
}

test.each([
  ['whose program runs', true],
  ['that has only just come', false],
])(
  'a page that is exchanged for one %s, at any step of the injection, hears each message once',
  async (_what, isAwaited) => {
    const made = await bench.linked();
    const heard: unknown[] = [];
    let step = 0;
    for (let isReached = true; isReached; ) {
      step += 1;
      const readies = made.count('ready');
      const trial = reloadAt(made, step, isAwaited);
      await bench.simulator.client.fault(PHONE, { kind: 'self-reload' });
      await made.saw('ready', readies + 1);
      await pause(300);
      isReached = trial.reached();
      trial.forget();
      const body = `after a reload at step ${step}`;
      await until('it is whole', 10_000, async () => {
        const { injected, socketState } = await made.client.probe();
        return injected && socketState === 'CONNECTED';
      });
      await bench.simulator.client.deliver(PHONE, { from: FRIEND, body });
      await until('the message', 5000, () => made.messages.some((message) => message.body === body));
      await pause(100);
      heard.push([step, made.messages.filter((message) => message.body === body).length]);
    }
    expect(step).toBeGreaterThan(15);
    expect(heard).toEqual(heard.map((_, index) => [index + 1, 1]));
  },
);
