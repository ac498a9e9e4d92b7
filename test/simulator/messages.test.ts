import { beforeEach, describe, expect, it } from '@jest/globals';
import { linkedPage, signedIn } from './fake-page.js';
import { useLinkedNumber } from './linked-number.js';

const NUMBER = '491511111111';
const ANN = '491522222222';

describe('messages', () => {
  const stage = useLinkedNumber(NUMBER);
  let { simulator, client, page, credentials } = stage;
  beforeEach(() => {
    ({ simulator, client, page, credentials } = stage);
  });

  it('acknowledges a sent message in three steps', async () => {
    const id = page.sendText(ANN, 'hello');
    for (const ack of [1, 2, 3]) expect(await page.next('ack')).toMatchObject({ id, ack });
    expect(await client.sent(NUMBER)).toMatchObject([{ id, to: ANN, body: 'hello', ack: 3, receivedCount: 1 }]);
  });

  it('leaves out the acks that are switched off', async () => {
    await client.settings({ ackDelaysMs: { server: 0, delivered: null, read: null } });
    const id = page.sendText(ANN, 'to a phone that is off');
    expect(await page.next('ack')).toMatchObject({ id, ack: 1 });
    await page.seen();
    expect(await client.sent(NUMBER)).toMatchObject([{ ack: 1 }]);
  });

  it('takes the same id once, and counts the receipts', async () => {
    const id = page.sendText(ANN, 'once');
    page.sendText(ANN, 'once', id);
    await page.seen();
    expect(await client.sent(NUMBER)).toMatchObject([{ id, receivedCount: 2 }]);
    expect(await client.duplicates(NUMBER)).toEqual({ sameId: 1, sameBody: 0 });
  });

  it('counts the same text to the same person under another id as a duplicate', async () => {
    page.sendText(ANN, 'twice');
    page.sendText(ANN, 'twice');
    page.sendText('491533333333', 'twice');
    await page.seen();
    expect(await client.duplicates()).toEqual({ sameId: 0, sameBody: 1 });
  });

  it('brings a delivered message to the page at once', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi', fromName: 'Ann' });
    expect(await page.next('message')).toMatchObject({
      message: { chat: `${ANN}@c.us`, body: 'hi', fromMe: false },
      contact: { name: 'Ann' },
      chat: { unreadCount: 1 },
    });
  });

  it('delivers one id once', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi', id: 'ABC' });
    await client.deliver(NUMBER, { from: ANN, body: 'hi', id: 'ABC' });
    const frames = await page.seen();
    expect(frames.filter((frame) => frame.kind === 'message')).toHaveLength(1);
  });

  it('keeps what came while the page was away for the next sync, as unread', async () => {
    await page.close();
    await client.deliver(NUMBER, { from: ANN, body: 'are you there?' });
    const { sync } = await signedIn(simulator, credentials);
    expect(sync.messages).toMatchObject([{ body: 'are you there?' }]);
    expect(sync.chats).toMatchObject([{ id: `${ANN}@c.us`, unreadCount: 1 }]);
  });

  it('forgets the unread count when the page has seen the chat', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi' });
    page.send({ kind: 'seen', chat: `${ANN}@c.us` });
    await page.seen();
    const { sync } = await signedIn(simulator, credentials);
    expect(sync.chats).toMatchObject([{ unreadCount: 0 }]);
  });

  it('delivers from a lid, and knows the number behind it when it is answered', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi', lid: true });
    const { message, contact } = await page.next('message');
    expect(message.chat).toMatch(/^\d+@lid$/);
    expect(contact).toMatchObject({ phoneNumber: `${ANN}@c.us`, lid: message.chat });
    page.sendText(message.chat, 'hello');
    await page.seen();
    expect(await client.sent(NUMBER)).toMatchObject([{ to: ANN, chat: message.chat }]);
  });

  it('delivers in a group, with the author beside the chat', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'all of you', group: { id: '120363000', name: 'Friends' } });
    expect(await page.next('message')).toMatchObject({
      message: { chat: '120363000@g.us', author: `${ANN}@c.us` },
      contact: { id: `${ANN}@c.us` },
      chat: { name: 'Friends' },
    });
  });

  it('names by number who wrote in a chat with a lid, and the device that was used', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi', lid: true, participant: true, device: 12 });
    expect(await page.next('message')).toMatchObject({
      message: { chat: expect.stringMatching(/@lid$/), author: `${ANN}:12@c.us` },
    });
  });

  it('tells nobody whose lid it is, when that is asked for', async () => {
    await client.settings({ hidesLids: true });
    await client.deliver(NUMBER, { from: ANN, body: 'hi', lid: true });
    const { message, contact } = await page.next('message');
    expect(contact).toBeNull();
    page.send({ kind: 'ask', n: 1, question: { about: 'exists', wid: message.chat } });
    expect((await page.next('answer')).value).toBeNull();
  });

  it('brings what the owner writes on the phone, as sent and read by nobody yet', async () => {
    const { id } = await client.writeOnPhone(NUMBER, { to: ANN, body: 'from the phone' });
    expect(await page.next('message')).toMatchObject({
      message: { id, fromMe: true, chat: `${ANN}@c.us`, body: 'from the phone' },
      chat: { unreadCount: 0 },
    });
    expect(await client.sent(NUMBER)).toEqual([]);
  });

  it('delivers late what was written long ago', async () => {
    await client.deliver(NUMBER, { from: ANN, body: 'hi', sentAgoMs: 3_600_000 });
    const { message } = await page.next('message');
    expect(Math.abs(message.t - (Date.now() / 1000 - 3_600))).toBeLessThan(5);
  });

  it('says who is on WhatsApp', async () => {
    await client.settings({ unregisteredNumbers: ['491500000000'] });
    page.send({ kind: 'ask', n: 1, question: { about: 'exists', wid: `${ANN}@c.us` } });
    expect((await page.next('answer')).value).toMatchObject({ wid: `${ANN}@c.us` });
    page.send({ kind: 'ask', n: 2, question: { about: 'exists', wid: '491500000000@c.us' } });
    expect((await page.next('answer')).value).toBeNull();
  });

  it('passes messages on between two accounts of the simulator', async () => {
    const other = await linkedPage(simulator, client, ANN);
    page.sendText(ANN, 'from me to you');
    expect(await other.page.next('message')).toMatchObject({
      message: { chat: `${NUMBER}@c.us`, body: 'from me to you', fromMe: false },
    });
  });

  it('refuses sends above the rate limit', async () => {
    await client.settings({ rateLimit: 1 });
    page.sendText(ANN, 'one');
    const id = page.sendText(ANN, 'two');
    expect(await page.next('refused')).toEqual({ kind: 'refused', id, code: 429 });
    expect(await client.sent(NUMBER)).toHaveLength(1);
  });

  it('tells the page of reactions, edits and revocations', async () => {
    const { id } = await client.deliver(NUMBER, { from: ANN, body: 'hi' });
    await client.react(NUMBER, { from: ANN, messageId: id, emoji: '👍' });
    await client.editMessage(NUMBER, { messageId: id, body: 'hello' });
    await client.revokeMessage(NUMBER, id);
    expect(await page.next('reaction')).toMatchObject({ parentId: id, emoji: '👍', author: `${ANN}@c.us` });
    expect(await page.next('edited')).toMatchObject({ id, body: 'hello' });
    expect(await page.next('revoked')).toMatchObject({ id });
    await expect(client.revokeMessage(NUMBER, 'nothing')).rejects.toMatchObject({ code: 'message-unknown' });
  });
});
