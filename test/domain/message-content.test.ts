import { describe, expect, test } from '@jest/globals';
import { fileNameOf, fitsMimeType, type MediaContent, whatsAppTypeOf } from '../../src/domain/message-content.js';

const media = (change: Partial<MediaContent>): MediaContent => ({
  ...{ type: 'media', mimeType: 'application/pdf', fileName: null, caption: null, url: null, urlIsTrusted: false },
  ...change,
});

describe('the content of a message', () => {
  test.each([
    ['image/jpeg', 'image'],
    ['video/mp4', 'video'],
    ['audio/ogg; codecs=opus', 'audio'],
    ['application/pdf', 'document'],
    ['text/csv', 'document'],
  ])('of type %s is shown as %s', (mimeType, type) => {
    expect(whatsAppTypeOf(media({ mimeType }))).toBe(type);
  });

  test.each([
    [{ fileName: 'offer.pdf', url: 'https://x/y.pdf' }, 'offer.pdf'],
    [{ url: 'https://x.example/files/offer.pdf?key=1' }, 'offer.pdf'],
    [{ url: 'https://x.example/files/' }, 'file.pdf'],
    [{ mimeType: 'image/svg+xml' }, 'file.svg'],
  ])('%j has the file name %s', (change, name) => {
    expect(fileNameOf(media(change))).toBe(name);
  });

  test.each([
    ['image/png', 'image/jpeg', true],
    ['image/png', 'IMAGE/PNG; q=1', true],
    ['image/png', null, true],
    ['image/png', 'application/octet-stream', true],
    ['image/png', 'binary/octet-stream', true],
    ['image/png', 'text/html; charset=utf-8', false],
    ['video/mp4', 'image/png', false],
    ['application/pdf', 'text/html', false],
    ['text/csv', 'text/plain', true],
    ['text/html', 'text/html; charset=utf-8', true],
    ['application/vnd.ms-excel', 'text/csv', true],
  ])('asked for as %s and served as %s fits: %s', (asked, served, fits) => {
    expect(fitsMimeType(asked, served)).toBe(fits);
  });
});
