import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BUILD_AFTER, BUILD_BEFORE } from '../../simulator/client.js';
import { ClientBench, type ClientLaunch, FRIEND, PHONE, within } from '../adapters/wwebjs/support/client-bench.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const bench = new ClientBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.prepare());
afterEach(() => bench.clear());

const message = (made: ClientLaunch, body: string) =>
  until(`the message "${body}"`, 10_000, () => made.messages.find((one) => one.body === body));

describe('the number of a sender', () => {
  test('is found in all three ways: beside the LID, in the maps of the page, in what was learned', async () => {
    const made = await bench.linked();
    const { client } = bench.simulator;
    const from = FRIEND;
    await client.settings({ hidesLids: true });
    await client.deliver(PHONE, { from, body: 'beside', lid: '11111111111@lid', participant: true, device: 12 });
    expect(await message(made, 'beside')).toMatchObject({ from: `${FRIEND}@c.us`, fromLid: '11111111111@lid' });

    await client.settings({ hidesLids: false });
    await client.deliver(PHONE, { from, body: 'by map', lid: '22222222222@lid', device: 3 });
    expect(await message(made, 'by map')).toMatchObject({ from: `${FRIEND}@c.us`, fromLid: '22222222222@lid' });

    await client.settings({ hidesLids: true });
    made.learned.set('33333333333@lid', `${FRIEND}@c.us`);
    await client.deliver(PHONE, { from, body: 'learned', lid: '33333333333@lid' });
    expect(await message(made, 'learned')).toMatchObject({ from: `${FRIEND}@c.us`, fromLid: '33333333333@lid' });

    await client.deliver(PHONE, { from, body: 'unknown', lid: '44444444444@lid', device: 2 });
    expect(await message(made, 'unknown')).toMatchObject({ from: '44444444444@lid', fromLid: '44444444444@lid' });
    const { messages } = await made.client.incomingSince(Date.now() - 60_000, within());
    expect(messages.map(({ body, from: sender }) => [body, sender])).toEqual(
      made.messages.map(({ body, from: sender }) => [body, sender]),
    );
  });

  test('is that of the author in a group, whatever device he used', async () => {
    const made = await bench.linked();
    const group = { id: '4915-1700', name: 'Friends' };
    await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'by number', group, device: 12 });
    await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'by lid', group, lid: true, device: 7 });
    const chatId = '4915-1700@g.us';
    expect(await message(made, 'by number')).toMatchObject({ from: `${FRIEND}@c.us`, chatId });
    const byLid = await message(made, 'by lid');
    expect(byLid).toMatchObject({ from: `${FRIEND}@c.us`, chatId, fromLid: expect.stringMatching(/^\d+@lid$/) });
  });
});

describe.each([
  ['before July 2026', BUILD_BEFORE],
  ['after July 2026', BUILD_AFTER],
])('on a build from %s', (_name, build) => {
  test('edits, deletions and reactions are told of the message that they belong to', async () => {
    const { client } = bench.simulator;
    await client.settings({ build });
    const made = await bench.linked();
    const { id } = await client.deliver(PHONE, { from: FRIEND, body: 'helo' });
    const original = await message(made, 'helo');
    await client.react(PHONE, { from: FRIEND, messageId: id, emoji: '👍' });
    await client.editMessage(PHONE, { messageId: id, body: 'hello' });
    await client.revokeMessage(PHONE, id);
    await until('all three', 10_000, () => made.news.length >= 3);
    expect(made.news).toMatchObject([
      {
        kind: 'reacted',
        reaction: {
          messageId: original.id,
          chatId: `${FRIEND}@c.us`,
          from: `${FRIEND}@c.us`,
          emoji: '👍',
          fromMe: false,
        },
      },
      { kind: 'edited', id: original.id, body: 'hello', at: expect.any(Number) },
      { kind: 'revoked', id: original.id, at: expect.any(Number) },
    ]);
  });

  test('what became of messages while nobody listened is found again', async () => {
    const { client } = bench.simulator;
    await client.settings({ build });
    const made = await bench.linked();
    const edited = await client.deliver(PHONE, { from: FRIEND, body: 'helo' });
    const revoked = await client.deliver(PHONE, { from: FRIEND, body: 'oops' });
    const oops = await message(made, 'oops');
    await made.client.close('graceful');
    await client.editMessage(PHONE, { messageId: edited.id, body: 'hello' });
    await client.revokeMessage(PHONE, revoked.id);
    const again = bench.launch();
    await again.client.start(within());
    await again.saw('ready');
    const missed = await again.client.incomingSince(Date.now() - 60_000, within());
    expect(missed.messages.map(({ body }) => body)).toEqual(['hello']);
    expect(missed.news).toMatchObject([{ kind: 'revoked', id: oops.id }]);
  });

  test('a file is downloaded piece by piece', async () => {
    const { client } = bench.simulator;
    await client.settings({ build });
    const made = await bench.linked();
    const data = randomBytes(1_300_000);
    const media = { mimetype: 'application/pdf', filename: 'plan.pdf', data: data.toString('base64') };
    await client.deliver(PHONE, { from: FRIEND, body: 'the plan', media });
    const plan = await message(made, 'the plan');
    expect(plan.media).toEqual({ mimeType: 'application/pdf', fileName: 'plan.pdf', sizeBytes: 1_300_000, link: null });
    const pieces: Uint8Array[] = [];
    const take = async (piece: Uint8Array) => void pieces.push(piece);
    expect(await made.client.downloadMedia(plan.id, 2_000_000, take, within())).toBeNull();
    expect(Buffer.concat(pieces).equals(data)).toBe(true);
    expect(pieces.length).toBe(3);
    expect(await made.client.downloadMedia(plan.id, 1_000_000, take, within())).toBe('media_too_large');
    await client.settings({ mediaStatus: 410 });
    expect(await made.client.downloadMedia(plan.id, 2_000_000, take, within())).toBe('media_unavailable');
    await client.settings({ mediaStatus: 500 });
    await expect(made.client.downloadMedia(plan.id, 2_000_000, take, within())).rejects.toThrow('Downloading a file');
    expect(await made.client.downloadMedia('false_1@c.us_GONE', 1, take, within())).toBe('media_unavailable');
    expect(pieces.length).toBe(3);
  });
});

test('what the owner writes on the phone is told as our own, with its acks', async () => {
  const made = await bench.linked();
  await bench.simulator.client.writeOnPhone(PHONE, { to: FRIEND, body: 'from the phone' });
  const own = await message(made, 'from the phone');
  expect(own).toMatchObject({ fromMe: true, from: `${PHONE}@c.us`, to: `${FRIEND}@c.us`, chatId: `${FRIEND}@c.us` });
});

test('hundreds of messages of one second are found in their order', async () => {
  const made = await bench.linked();
  await made.client.close('graceful');
  const bodies = Array.from({ length: 170 }, (_, n) => `number ${n}`);
  for (const body of bodies) await bench.simulator.client.deliver(PHONE, { from: FRIEND, body });
  const again = bench.launch();
  await again.client.start(within());
  await again.saw('ready');
  const { messages } = await again.client.incomingSince(Date.now() - 60_000, within());
  expect(messages.map(({ body }) => body)).toEqual(bodies);
});
