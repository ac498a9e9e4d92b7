import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Client } from 'whatsapp-web.js';
import { ClientBench, FRIEND, within } from '../adapters/wwebjs/support/client-bench.js';
import { aText } from '../support/outbox-message.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const bench = new ClientBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.prepare());
afterEach(() => bench.clear());

/** Has the page of a linked session ask for all kinds of things; gives what became of each. */
async function requestsOf(client: object | null): Promise<Record<string, string>> {
  const page = (client as Client).pupPage;
  if (!page) throw new Error('there is no page');
  const ends: Record<string, string> = {};
  page.on('requestfailed', (request) => {
    ends[request.url()] = request.failure()?.errorText ?? 'failed';
  });
  page.on('requestfinished', (request) => {
    ends[request.url()] = 'came';
  });
  await page.evaluate(async () => {
    const font = new FontFace('of-whatsapp', 'url(/fonts/of-whatsapp.woff2)');
    const answers = [
      font.load(),
      fetch('/page/boot.js'),
      fetch('https://pps.whatsapp.net/v/picture.jpg', { mode: 'no-cors' }),
      fetch('https://crashlogs.whatsapp.net/wa_clb_data', { mode: 'no-cors', method: 'POST' }),
      fetch('https://mmg.whatsapp.net/v/file.enc', { mode: 'no-cors' }),
    ];
    await Promise.allSettled(answers);
  });
  await until('every request has ended', 5000, () => Object.keys(ends).length >= 5);
  return ends;
}

const REFUSED = 'net::ERR_BLOCKED_BY_CLIENT.Inspector';
/** In the simulated network nobody else has a name: so far comes what is let out. */
const LET_OUT = 'net::ERR_NAME_NOT_RESOLVED';

test('fonts and profile pictures are not loaded, all else is, and messages go as ever', async () => {
  const made = await bench.linked();
  expect(await requestsOf(made.client.library())).toEqual({
    'https://web.whatsapp.com/fonts/of-whatsapp.woff2': REFUSED,
    'https://web.whatsapp.com/page/boot.js': 'came',
    'https://pps.whatsapp.net/v/picture.jpg': REFUSED,
    'https://crashlogs.whatsapp.net/wa_clb_data': LET_OUT,
    'https://mmg.whatsapp.net/v/file.enc': LET_OUT,
  });
  const receipt = await made.client.send(aText(`${FRIEND}@c.us`, 'good morning'), within());
  expect(receipt).toHaveProperty('waMessageId');
});

test('reports of use are held back where somebody wants that, and the page comes up', async () => {
  const made = await bench.linked({ block: ['telemetry'] });
  expect(await requestsOf(made.client.library())).toMatchObject({
    'https://web.whatsapp.com/fonts/of-whatsapp.woff2': expect.not.stringContaining(REFUSED),
    'https://pps.whatsapp.net/v/picture.jpg': LET_OUT,
    'https://crashlogs.whatsapp.net/wa_clb_data': REFUSED,
  });
});
