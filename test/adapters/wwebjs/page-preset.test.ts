import { describe, expect, test } from '@jest/globals';
import { createMsgKeyClass, type MsgKey } from '../../../simulator/page/msg-key.js';
import { createWid, type Wid } from '../../../simulator/page/wid.js';
import { BUILD_AFTER, BUILD_BEFORE } from '../../../simulator/settings.js';
import { repairMessageKeys } from '../../../src/adapters/wwebjs/page-compat.js';
import { canQuote, letIdsBeGiven, newMessageIds } from '../../../src/adapters/wwebjs/page-preset.js';

const ME = createWid('491600000000@c.us');
const ME_LID = createWid('77@lid');

type Sent = { id: MsgKey; from: Wid; body: unknown };
type Chat = { id: Wid; groupMetadata?: { isLidAddressingMode: boolean } };

/**
 * A page with the message keys of a build, and of the library what its sendMessage does with an id: it makes one of its
 * own, waits for what it has to prepare, and spreads the caller's extra options over the message.
 */
function aPage(build: string) {
  const Key = createMsgKeyClass(build);
  const sent: Sent[] = [];
  let prepared: Promise<void> = Promise.resolve();
  const Msg = {
    get: (id: string) => sent.find((message) => String(message.id) === id),
    getMessagesById: async (ids: string[]) => ({ messages: ids.includes('in the database') ? [{}] : [] }),
  };
  const modules: Record<string, unknown> = {
    WAWebMsgKey: Key,
    WAWebUserPrefsMeUser: { getMaybeMePnUser: () => ME, getMaybeMeLidUser: () => ME_LID },
    WAWebWidFactory: { createWid, asUserWidOrThrow: (wid: Wid) => wid },
    WAWebCollections: { Msg },
    WAWebMsgReply: { canReplyMsg: (message: object) => !('locked' in message) },
  };
  const page = {
    Debug: { VERSION: build },
    require: (name: string) => modules[name],
    WWebJS: {
      async sendMessage(chat: Chat, content: unknown, options: { extraOptions?: object; media?: boolean } = {}) {
        if (options.media) await prepared;
        const own = new Key({ from: ME, to: chat.id, id: await Key.newId(), selfDir: 'out' });
        const { extraOptions, ...rest } = options;
        sent.push({ ...rest, id: own, from: ME, body: content, ...extraOptions });
        return Msg.get(String(own));
      },
    },
  };
  Object.defineProperty(globalThis, 'window', { value: page, configurable: true });
  repairMessageKeys();
  letIdsBeGiven();
  return {
    modules,
    sent,
    send: (chat: Chat, body: string, options: object = {}) => page.WWebJS.sendMessage(chat, body, options),
    /** Uploads hang until the returned function is called. */
    holdUploads(): () => void {
      let go = () => {};
      prepared = new Promise((resolve) => {
        go = resolve;
      });
      return go;
    },
  };
}

const ANN = { id: createWid('491511111111@c.us') };
const given = (wakefulId: string) => ({ extraOptions: { wakefulId } });

describe.each([
  ['before July 2026', BUILD_BEFORE],
  ['since July 2026', BUILD_AFTER],
])('on a page from %s a message', (_when, build) => {
  test('leaves under the id that it is given, and nothing else of that shows in it', async () => {
    const page = aPage(build);
    const [id = '', other] = await newMessageIds(2);
    expect(other).not.toBe(id);
    expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
    const message = await page.send(ANN, 'hello', given(id));
    expect(page.sent.map((one) => String(one.id))).toEqual([`true_491511111111@c.us_${id}`]);
    expect(message).toBe(page.sent[0]);
    expect(Object.keys(page.sent[0] ?? {})).not.toContain('wakefulId');
  });

  test('that is given none leaves as ever', async () => {
    const page = aPage(build);
    await page.send(ANN, 'hello');
    await page.send(ANN, 'with other extras', { extraOptions: { canonicalUrl: 'x' } });
    expect(page.sent.map(({ id }) => id.id)).toEqual([expect.stringMatching(/^3EB0/), expect.stringMatching(/^3EB0/)]);
    expect(page.sent[1]).toHaveProperty('canonicalUrl', 'x');
  });

  test('that the page has already under that id is not sent again', async () => {
    const page = aPage(build);
    for (let times = 0; times < 2; times += 1) await page.send(ANN, 'hello', given('3EB0ABCDEF'));
    expect(page.sent).toHaveLength(1);
  });

  test('of somebody else that leaves during the upload does not take the id', async () => {
    const page = aPage(build);
    const go = page.holdUploads();
    const slow = page.send(ANN, 'picture', { ...given('3EB0ABCDEF'), media: true });
    await page.send(ANN, 'quick');
    go();
    await slow;
    expect(page.sent.map(({ body, id }) => [body, id.id === '3EB0ABCDEF'])).toEqual([
      ['quick', false],
      ['picture', true],
    ]);
  });

  test('to a group or a hidden number names its author as the page would', async () => {
    const page = aPage(build);
    const group = createWid('4915-1600@g.us');
    await page.send({ id: group, groupMetadata: { isLidAddressingMode: false } }, 'a', given('3EB0AAAAAA'));
    await page.send({ id: group, groupMetadata: { isLidAddressingMode: true } }, 'b', given('3EB0BBBBBB'));
    await page.send({ id: createWid('88@lid') }, 'c', given('3EB0CCCCCC'));
    expect(page.sent.map(({ id }) => String(id))).toEqual([
      `true_4915-1600@g.us_3EB0AAAAAA_${ME}`,
      `true_4915-1600@g.us_3EB0BBBBBB_${ME_LID}`,
      'true_88@lid_3EB0CCCCCC',
    ]);
  });
});

describe('a page that takes no ids', () => {
  test.each<[string, (modules: Record<string, unknown>) => void]>([
    ['has no class of keys', (modules) => delete modules.WAWebMsgKey],
    ['does not say who we are', (modules) => (modules.WAWebUserPrefsMeUser = { getMaybeMePnUser: () => undefined })],
    ['makes ids of another kind', (modules) => (modules.WAWebMsgKey = { newId: async () => ({}) })],
    [
      'builds keys in another way',
      (modules) => {
        modules.WAWebMsgKey = class {
          static newId = async () => '3EB0ABCDEF';
          toString = () => 'something else';
        };
      },
    ],
  ])('is known by that it %s', async (_what, spoil) => {
    const page = aPage(BUILD_AFTER);
    expect(await newMessageIds(2)).toHaveLength(2);
    spoil(page.modules);
    expect(await newMessageIds(2)).toEqual([]);
  });

  test('is known by that the library is not in it', async () => {
    Object.defineProperty(globalThis, 'window', { value: {}, configurable: true });
    letIdsBeGiven();
    expect(await newMessageIds(2)).toEqual([]);
  });
});

describe('a message to reply to', () => {
  test('is one that the page has, or finds in its database, and that may be replied to', async () => {
    const page = aPage(BUILD_AFTER);
    await page.send(ANN, 'hello', given('3EB0ABCDEF'));
    expect(await canQuote('true_491511111111@c.us_3EB0ABCDEF')).toBe(true);
    expect(await canQuote('in the database')).toBe(true);
    expect(await canQuote('true_491511111111@c.us_OTHER')).toBe(false);
    Object.assign(page.sent[0] ?? {}, { locked: true });
    expect(await canQuote('true_491511111111@c.us_3EB0ABCDEF')).toBe(false);
  });
});
