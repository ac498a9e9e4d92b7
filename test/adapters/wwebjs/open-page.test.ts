import { describe, expect, test } from '@jest/globals';
import { loadWhatsAppWeb, type OpenPage } from '../../../src/adapters/wwebjs/open-page.js';

/** Loads WhatsApp Web on a page that answers the navigation so. */
async function load(answer: () => { status: number } | null) {
  const asked: unknown[][] = [];
  let injections = 0;
  const page = {
    async goto(...args: unknown[]) {
      asked.push(args);
      const given = answer();
      return given && { status: () => given.status };
    },
  };
  const client = {
    async inject() {
      injections += 1;
    },
  };
  const outcome = await loadWhatsAppWeb({ page, client } as unknown as OpenPage, 7000).then(
    () => 'loaded',
    (error: { reason: string }) => error.reason,
  );
  return { outcome, injections, asked };
}

const failing = (words: string) => () => {
  throw new Error(words);
};

describe('loading WhatsApp Web', () => {
  test('injects what came, within the time that is given for it', async () => {
    const { outcome, injections, asked } = await load(() => ({ status: 200 }));
    expect([outcome, injections]).toEqual(['loaded', 1]);
    expect(asked).toEqual([['https://web.whatsapp.com/', expect.objectContaining({ timeout: 7000 })]]);
  });

  test.each([400, 403, 404, 429, 500, 503])('injects nothing into an error page: status %p', async (status) => {
    expect(await load(() => ({ status }))).toMatchObject({ outcome: 'init_timeout', injections: 0 });
  });

  test('takes a proxy that refuses its credentials for a network that is down', async () => {
    expect(await load(() => ({ status: 407 }))).toMatchObject({ outcome: 'network_down', injections: 0 });
  });

  test.each([304, 399])('has nothing against status %p', async (status) => {
    expect(await load(() => ({ status }))).toMatchObject({ outcome: 'loaded', injections: 1 });
  });

  test('goes on when the page went elsewhere while it loaded, as WhatsApp Web does by itself', async () => {
    const aborted = failing('net::ERR_ABORTED at https://web.whatsapp.com/');
    expect(await load(aborted)).toMatchObject({ outcome: 'loaded', injections: 1 });
    expect(await load(() => null)).toMatchObject({ outcome: 'loaded', injections: 1 });
  });

  test.each([
    ['net::ERR_INTERNET_DISCONNECTED', 'network_down'],
    ['Navigation timeout of 7000 ms exceeded', 'init_timeout'],
    ['Protocol error: Session closed. Most likely the page has been closed.', 'browser_crashed'],
  ])('says why it could not: %s', async (words, reason) => {
    expect(await load(failing(words))).toMatchObject({ outcome: reason, injections: 0 });
  });
});
