import { describe, expect, test } from '@jest/globals';
import { incomingMessage, keyOf, messageReaction, revocationsOf } from '../../../src/adapters/wwebjs/incoming.js';

const model = {
  id: { _serialized: 'false_491511@c.us_A', fromMe: false, remote: '491511@c.us' },
  type: 'chat',
  t: 1_790_000_000,
  ack: 1,
  body: 'good morning',
  from: { _serialized: '491511@c.us' },
  to: { _serialized: '491522@c.us' },
  wakeful: { senderPhone: '491511@c.us', senderLid: '77@lid', toPhone: null, quotedId: null, revokedId: null },
};
const byLid = {
  ...model,
  id: { ...model.id, remote: '77@lid' },
  from: '77@lid',
};

describe('an incoming message', () => {
  test('is read with both names of its sender', () => {
    expect(incomingMessage(model)).toEqual({
      id: 'false_491511@c.us_A',
      from: '491511@c.us',
      fromLid: '77@lid',
      to: '491522@c.us',
      chatId: '491511@c.us',
      body: 'good morning',
      type: 'chat',
      timestamp: 1_790_000_000_000,
      fromMe: false,
      ack: 1,
      quotedMessageId: null,
      media: null,
      editedAt: null,
      revokedAt: null,
    });
  });

  test('R18 from a LID shows the phone number that the page knows, and keeps the chat as it is', () => {
    expect(incomingMessage(byLid)).toMatchObject({ from: '491511@c.us', fromLid: '77@lid', chatId: '77@lid' });
  });

  test('from a LID that nobody knows stays with the LID', () => {
    const unknown = { ...byLid, wakeful: { ...model.wakeful, senderPhone: null } };
    expect(incomingMessage(unknown)).toMatchObject({ from: '77@lid', fromLid: '77@lid' });
  });

  test('R18 names the person, not the device', () => {
    const device = { ...byLid, from: '77:12@lid', wakeful: { ...model.wakeful, senderPhone: '491511:12@c.us' } };
    expect(incomingMessage(device)).toMatchObject({ from: '491511@c.us', fromLid: '77@lid' });
    const everywhere = {
      ...model,
      from: '491511:3@c.us',
      to: '491522:4@c.us',
      id: { ...model.id, remote: '491511:3@c.us' },
    };
    expect(incomingMessage(everywhere)).toMatchObject({
      from: '491511@c.us',
      to: '491522@c.us',
      chatId: '491511@c.us',
    });
  });

  test('of a group names its author and the group', () => {
    const group = {
      ...model,
      id: { ...model.id, remote: { _serialized: '12-34@g.us' } },
      from: '12-34@g.us',
      author: '77@lid',
    };
    expect(incomingMessage(group)).toMatchObject({ from: '491511@c.us', fromLid: '77@lid', chatId: '12-34@g.us' });
  });

  test('R18 from a LID names the number that stands beside it, though the page knows no more', () => {
    const participant = { ...byLid, author: '491533:2@c.us', wakeful: { ...model.wakeful, senderPhone: null } };
    expect(incomingMessage(participant)).toMatchObject({ from: '491533@c.us', fromLid: '77@lid', chatId: '77@lid' });
    const inKey = { ...byLid, id: { ...byLid.id, participant: { _serialized: '491544@c.us' } } };
    expect(incomingMessage(inKey)).toMatchObject({ from: '491544@c.us' });
  });

  test('to our LID is shown as to our number', () => {
    const toUs = { ...model, to: '88@lid', wakeful: { ...model.wakeful, toPhone: '491522@c.us' } };
    expect(incomingMessage(toUs)?.to).toBe('491522@c.us');
  });

  test('that was edited says when', () => {
    expect(incomingMessage({ ...model, latestEditSenderTimestampMs: 5_000 })?.editedAt).toBe(5_000);
    expect(incomingMessage({ ...model, latestEditSenderTimestampMs: null })?.editedAt).toBeNull();
  });

  test('with media says what its file is, as far as it is known', () => {
    const media = {
      ...model,
      type: 'document',
      directPath: '/v/1',
      mimetype: 'application/pdf',
      filename: 'a.pdf',
      size: 7,
    };
    expect(incomingMessage(media)?.media).toEqual({
      mimeType: 'application/pdf',
      fileName: 'a.pdf',
      sizeBytes: 7,
      link: null,
    });
    const bare = { ...model, type: 'image', directPath: '/v/1', size: 'many' };
    expect(incomingMessage(bare)?.media).toEqual({
      mimeType: 'application/octet-stream',
      fileName: null,
      sizeBytes: 0,
      link: null,
    });
  });

  test('with media has its caption as text, never the thumbnail', () => {
    const media = { ...model, type: 'image', body: '/9j/4AAQ', directPath: '/v/1', caption: 'the view' };
    expect(incomingMessage(media)?.body).toBe('the view');
    expect(incomingMessage({ ...media, caption: undefined })?.body).toBe('');
  });

  test.each([
    ['a notice of WhatsApp', { ...model, type: 'e2e_notification' }],
    ['an undecrypted message', { ...model, type: 'ciphertext' }],
    ['a status', { ...model, id: { ...model.id, remote: 'status@broadcast' } }],
    ['a channel', { ...model, id: { ...model.id, remote: '1@newsletter' } }],
    ['a model without an id', { ...model, id: { fromMe: false } }],
    ['nothing', undefined],
  ])('is not made of %s', (_name, given) => {
    expect(incomingMessage(given)).toBeNull();
  });
});

test('the key of a message is read from a model, and nothing from anything else', () => {
  expect(keyOf(model)).toEqual({ id: 'false_491511@c.us_A', fromMe: false, ack: 1 });
  expect(keyOf({ id: {} })).toBeNull();
  expect(keyOf(null)).toBeNull();
});

test('a deletion is read from a model by every id that may be meant, and from no other type', () => {
  const revoked = { ...model, type: 'revoked' };
  expect(revocationsOf(revoked, 5)).toEqual([{ kind: 'revoked', id: 'false_491511@c.us_A', at: 5 }]);
  const byKey = { ...revoked, wakeful: { ...model.wakeful, revokedId: 'false_491511@c.us_0' } };
  expect(revocationsOf(byKey, 5).map((news) => 'id' in news && news.id)).toEqual([
    'false_491511@c.us_A',
    'false_491511@c.us_0',
  ]);
  expect(revocationsOf(model, 5)).toEqual([]);
  expect(revocationsOf(null, 5)).toEqual([]);
});

describe('a reaction', () => {
  const reaction = { id: { fromMe: false }, senderId: '491511:2@c.us', reaction: '👍', timestamp: 2 };

  test.each([
    [
      'a build that keeps the text of a key',
      { fromMe: true, remote: '1@c.us', id: 'A', _serialized: 'true_1@c.us_A_out' },
    ],
    ['a build that hides it', { fromMe: true, remote: { _serialized: '1@c.us' }, id: 'A', $1: 'true_1@c.us_A_out' }],
  ])('names its message by the text of its key on %s', (_name, msgId) => {
    expect(messageReaction({ ...reaction, msgId })).toMatchObject({ messageId: 'true_1@c.us_A_out', chatId: '1@c.us' });
  });

  test('names its message by the parts of its key when there is no text', () => {
    const msgId = { fromMe: false, remote: '1-2@g.us', id: 'A', participant: { _serialized: '3@c.us' } };
    expect(messageReaction({ ...reaction, msgId })?.messageId).toBe('false_1-2@g.us_A_3@c.us');
  });

  test('that is taken back is empty', () => {
    const msgId = { fromMe: true, remote: '1@c.us', id: 'A' };
    expect(messageReaction({ ...reaction, reaction: '', msgId })).toMatchObject({
      from: '491511@c.us',
      emoji: '',
      timestamp: 2_000,
    });
    expect(messageReaction({ ...reaction, msgId, senderId: 'nobody' })).toBeNull();
  });
});
