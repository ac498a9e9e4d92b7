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

const FONT = 'https://web.whatsapp.com/fonts/of-whatsapp.woff2';
const SCRIPT = 'https://web.whatsapp.com/page/boot.js';
const PICTURE = 'https://pps.whatsapp.net/v/picture.jpg';
const REPORT = 'https://crashlogs.whatsapp.net/wa_clb_data';
const FILE = 'https://mmg.whatsapp.net/v/file.enc';

const REFUSED = 'net::ERR_BLOCKED_BY_CLIENT.Inspector';
/** In the simulated network nobody else has a name: so far comes what is let out. */
const LET_OUT = 'net::ERR_NAME_NOT_RESOLVED';

/** Has the page of a linked session ask for all kinds of things; gives what became of each. */
async function requestsOf(client: object | null): Promise<Record<string, string>> {
  const page = (client as Client).pupPage;
  if (!page) throw new Error('there is no page');
  const asked = [FONT, SCRIPT, PICTURE, REPORT, FILE];
  const ends: Record<string, string> = {};
  page.on('requestfailed', (request) => {
    ends[request.url()] = request.failure()?.errorText ?? 'failed';
  });
  page.on('requestfinished', (request) => {
    ends[request.url()] = `came with ${request.response()?.status()}`;
  });
  await page.evaluate(async ([font, ...others]) => {
    const face = new FontFace('of-whatsapp', `url(${font})`);
    await Promise.allSettled([face.load(), ...others.map((url) => fetch(url, { mode: 'no-cors' }))]);
  }, asked);
  await until('every request has ended', 5000, () => asked.every((url) => url in ends));
  return Object.fromEntries(asked.map((url) => [url, ends[url] ?? '']));
}

test('fonts are not loaded, all else is, and messages go as ever', async () => {
  const made = await bench.linked();
  expect(await requestsOf(made.client.library())).toEqual({
    ...{ [FONT]: REFUSED, [SCRIPT]: 'came with 200' },
    ...{ [PICTURE]: LET_OUT, [REPORT]: LET_OUT, [FILE]: LET_OUT },
  });
  const receipt = await made.client.send(aText(`${FRIEND}@c.us`, 'good morning'), within());
  expect(receipt).toHaveProperty('waMessageId');
});

test('pictures and reports are held back where somebody wants that, and messages go as ever', async () => {
  const made = await bench.linked({ block: ['pictures', 'telemetry'] });
  expect(await requestsOf(made.client.library())).toEqual({
    // Of an answer that is no font Chromium may read no further than its first line.
    [FONT]: expect.stringMatching(/^(came with 404|net::ERR_ABORTED)$/),
    [SCRIPT]: 'came with 200',
    ...{ [PICTURE]: REFUSED, [REPORT]: REFUSED, [FILE]: LET_OUT },
  });
  const receipt = await made.client.send(aText(`${FRIEND}@c.us`, 'good morning'), within());
  expect(receipt).toHaveProperty('waMessageId');
});
