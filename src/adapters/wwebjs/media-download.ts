import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { TakeBytes } from '../../domain/ports.js';
import { MEDIA_FAILURES, type MediaFailure } from '../../domain/received-media.js';
import { dropMedia, fetchMedia, readMedia } from './page-media.js';

/** Small enough that nothing else of the process waits for it. */
const PIECE_BYTES = 512 * 1024;

const fetchedSchema = z.union([
  z.object({ bytes: z.number().int().nonnegative() }),
  z.object({ failure: z.enum(MEDIA_FAILURES) }),
]);

/** Fetches the file of a message and gives it piece by piece; why it is not to be had, null when all of it was given. */
export async function downloadMedia(
  page: Page,
  messageId: string,
  maxBytes: number,
  take: TakeBytes,
): Promise<MediaFailure | null> {
  try {
    const fetched = fetchedSchema.parse(await page.evaluate(fetchMedia, messageId, maxBytes));
    if ('failure' in fetched) return fetched.failure;
    for (let from = 0; from < fetched.bytes; from += PIECE_BYTES) {
      const to = Math.min(from + PIECE_BYTES, fetched.bytes);
      const piece = Buffer.from(z.string().parse(await page.evaluate(readMedia, messageId, from, to)), 'base64');
      if (piece.length !== to - from) throw new Error('the page gave another piece than it was asked for');
      await take(piece);
    }
    return null;
  } finally {
    await page.evaluate(dropMedia, messageId).catch(() => undefined);
  }
}
