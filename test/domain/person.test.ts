import { describe, expect, test } from '@jest/globals';
import { personOf, withNumber, withoutDevice } from '../../src/domain/person.js';

describe('who wrote', () => {
  test('is the person, not the device', () => {
    expect(withoutDevice('491511:3@c.us')).toBe('491511@c.us');
    expect(withoutDevice('491511@c.us')).toBe('491511@c.us');
    expect(personOf(['491511:12@c.us'])).toEqual({ from: '491511@c.us', fromLid: null });
    expect(personOf(['77:12@lid'])).toEqual({ from: '77@lid', fromLid: '77@lid' });
  });

  test('is the number wherever one is given, whichever id comes first', () => {
    const both = { from: '491511@c.us', fromLid: '77@lid' };
    expect(personOf(['77@lid', '491511@c.us'])).toEqual(both);
    expect(personOf(['491511@c.us', '77@lid'])).toEqual(both);
  });

  test('is by the weight of its ids the first of two', () => {
    expect(personOf(['491511@c.us', '491522@c.us', '77@lid', '78@lid'])).toEqual({
      from: '491511@c.us',
      fromLid: '77@lid',
    });
  });

  test('is never a group, and nobody where no person is named', () => {
    expect(personOf(['12-34@g.us', undefined, null, '77@lid'])).toEqual({ from: '77@lid', fromLid: '77@lid' });
    expect(personOf(['12-34@g.us', null])).toBeNull();
  });

  test('gets the number that was found out for the LID, and keeps one that was known', () => {
    const unknown = { from: '77@lid', fromLid: '77@lid', body: 'x' };
    expect(withNumber(unknown, '491511:2@c.us')).toEqual({ from: '491511@c.us', fromLid: '77@lid', body: 'x' });
    expect(withNumber(unknown, null)).toBe(unknown);
    const known = { from: '491522@c.us', fromLid: '77@lid' };
    expect(withNumber(known, '491511@c.us')).toBe(known);
  });
});
