import { describe, expect, test } from '@jest/globals';
import { amended, isNewReaction } from '../../src/domain/message-news.js';
import { aFile, anIncoming } from '../support/fake-whatsapp.js';

const message = anIncoming('a', 1_000);
const edit = (body: string, at = 2_000) => ({ kind: 'edited', id: 'a', body, at }) as const;
const revoke = { kind: 'revoked', id: 'a', at: 3_000 } as const;

describe('a message that was changed', () => {
  test('has its new words and when it got them', () => {
    expect(amended(message, edit('better'))).toEqual({ ...message, body: 'better', editedAt: 2_000 });
  });

  test('is no news when its words are the same', () => {
    expect(amended(message, edit(message.body))).toBeNull();
  });

  test('may be changed back', () => {
    const better = amended(message, edit('better'));
    expect(better && amended(better, edit(message.body, 4_000))).toMatchObject({ body: message.body, editedAt: 4_000 });
  });
});

describe('a message that was deleted for everyone', () => {
  test('is empty and has no file: nothing is kept behind the back of who took it back', () => {
    const gone = amended({ ...message, media: aFile() }, revoke);
    expect(gone).toEqual({ ...message, body: '', media: null, revokedAt: 3_000 });
    expect(JSON.stringify(gone)).not.toContain('view.png');
  });

  test('is deleted once and never edited afterwards', () => {
    const gone = amended(message, revoke);
    expect(gone && amended(gone, revoke)).toBeNull();
    expect(gone && amended(gone, edit('again'))).toBeNull();
  });
});

test('an ack counts only upwards', () => {
  expect(amended(message, { kind: 'acked', id: 'a', ack: 2 })).toEqual({ ...message, ack: 2 });
  expect(amended(message, { kind: 'acked', id: 'a', ack: 1 })).toBeNull();
});

describe('a reaction', () => {
  const known = { emoji: '👍', timestamp: 5 };

  test('is news when it is another one than before', () => {
    expect(isNewReaction({ emoji: '👍', timestamp: 5 }, null)).toBe(true);
    expect(isNewReaction({ emoji: '❤️', timestamp: 5 }, known)).toBe(true);
    expect(isNewReaction({ emoji: '👍', timestamp: 6 }, known)).toBe(false);
  });

  test('that is taken back is news only when it was known', () => {
    expect(isNewReaction({ emoji: '', timestamp: 6 }, known)).toBe(true);
    expect(isNewReaction({ emoji: '', timestamp: 6 }, null)).toBe(false);
  });

  test('is no news when it is older than the last one', () => {
    expect(isNewReaction({ emoji: '❤️', timestamp: 4 }, known)).toBe(false);
  });
});
