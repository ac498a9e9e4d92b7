import { z } from 'zod';
import { safeMimeType } from '../domain/received-media.js';
import type { MediaDesk } from '../fleet/media-library.js';
import { hangUpSignal } from './hang-up.js';
import { defineRoute, type Route } from './route.js';

const params = z.object({ mediaId: z.string().regex(/^med_[\w-]{1,64}$/, 'expected the id of a file') });
const query = z.object({
  expires: z
    .string()
    .regex(/^\d{1,15}$/, 'expected milliseconds since 1970')
    .transform(Number)
    .describe('As it stands in the link'),
  signature: z.string().max(100).describe('As it stands in the link'),
});

/** What strangers sent may be anything: nothing of it is shown or run by a browser that is led here. */
const CONTAINED = {
  'Content-Security-Policy': "sandbox; default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
};

const saving = { 'Content-Disposition': 'To be saved, never shown; with the name that the sender gave the file' };

/** Files that came with messages. */
export function mediaRoutes(media: MediaDesk): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/media/:mediaId',
      operationId: 'getMedia',
      tag: 'Messages',
      summary: 'A file that came with a message, by the link in `media.url`; needs no key',
      access: 'public',
      params,
      query,
      refusals: ['link_invalid', 'link_expired', 'media_not_found', 'media_not_ready'],
      responses: {
        200: { description: 'The file', headers: saving, content: { '*/*': z.string() } },
        206: {
          description: 'The piece of the file that `Range` asked for',
          headers: saving,
          content: { '*/*': z.string() },
        },
      },
      async handle({ params: { mediaId: id }, query: { expires, signature }, res }) {
        const { path, mimeType, fileName } = await media.open({ id, expiresAt: expires, signature }, hangUpSignal(res));
        return { status: 200, contentType: safeMimeType(mimeType), file: path, saveAs: fileName, headers: CONTAINED };
      },
    }),
  ];
}
