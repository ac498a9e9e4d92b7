import { describe, expect, test } from '@jest/globals';
import { afterFailure, safeMimeType, waitOf } from '../../src/domain/received-media.js';

describe('a download that failed', () => {
  test('is tried again, ever later, and given up after about an hour and a half', () => {
    const waits: number[] = [];
    let attempts = 0;
    for (;;) {
      const after = afterFailure({ attempts }, 'media_unavailable', 1_000);
      expect(after).toMatchObject({ failure: 'media_unavailable', attempts: attempts + 1 });
      if (after.state === 'failed') break;
      waits.push(after.dueAt - 1_000);
      attempts = after.attempts;
    }
    expect(waits).toEqual([5_000, 30_000, 180_000, 900_000, 3_600_000]);
  });

  test('is given up at once when the file is too large', () => {
    expect(afterFailure({ attempts: 0 }, 'media_too_large', 1_000)).toMatchObject({ state: 'failed', attempts: 1 });
  });
});

describe('the wait of a file', () => {
  test('begins with the download that failed, and is none before the first', () => {
    expect(waitOf({ attempts: 0, dueAt: 9000 })).toEqual({ since: 9000, until: 9000 });
    expect(waitOf(afterFailure({ attempts: 1 }, 'media_unavailable', 1_000))).toEqual({ since: 1_000, until: 31_000 });
  });
});

describe('the type of a file', () => {
  test.each(['image/png', 'audio/ogg; codecs=opus', 'application/vnd.ms-excel', 'image/svg+xml'])(
    'may be %s',
    (type) => {
      expect(safeMimeType(type)).toBe(type);
    },
  );

  test.each(['', 'image', 'text/html\r\nX-Evil: 1', 'text/html; a="b"', `a/${'b'.repeat(65)}`])(
    'that is %j is not passed on',
    (type) => {
      expect(safeMimeType(type)).toBe('application/octet-stream');
    },
  );
});
