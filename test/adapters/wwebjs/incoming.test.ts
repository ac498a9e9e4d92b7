import { describe, expect, test } from '@jest/globals';
import { incomingMessage, keyOf, withoutDevice } from '../../../src/adapters/wwebjs/incoming.js';

const model = {
  id: { _serialized: 'false_491511@c.us_A', fromMe: false, remote: '491511@c.us' },
  type: 'chat',
  t: 1_790_000_000,
  ack: 1,
  body: 'good morning',
  from: { _serialized: '491511@c.us' },
  to: { _serialized: '491522@c.us' },
  wakeful: { senderPhone: '491511@c.us', senderLid: '77@lid', quotedId: null },
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
    });
  });

  test('from a LID shows the phone number that the page knows, and keeps the chat as it is', () => {
    expect(incomingMessage(byLid)).toMatchObject({ from: '491511@c.us', fromLid: '77@lid', chatId: '77@lid' });
  });

  test('from a LID that nobody knows stays with the LID', () => {
    const unknown = { ...byLid, wakeful: { senderPhone: null, senderLid: '77@lid', quotedId: null } };
    expect(incomingMessage(unknown)).toMatchObject({ from: '77@lid', fromLid: '77@lid' });
  });

  test('names the person, not the device', () => {
    const device = { ...byLid, from: '77:12@lid', wakeful: { ...model.wakeful, senderPhone: '491511:12@c.us' } };
    expect(incomingMessage(device)).toMatchObject({ from: '491511@c.us', fromLid: '77@lid' });
    expect(withoutDevice('491511:3@c.us')).toBe('491511@c.us');
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
