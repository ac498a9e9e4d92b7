import { toBuffer, toString as toText } from 'qrcode';
import { z } from 'zod';
import { DomainError } from '../domain/error-catalogue.js';
import type { Fleet } from '../fleet/facade.js';
import { sessionParams } from './inputs.js';
import { defineRoute, type Route } from './route.js';

/** Best first: what a caller gets that takes anything. */
const FORMS = ['image/png', 'image/svg+xml', 'text/plain', 'application/json'] as const;
const PNG_WIDTH_PIXELS = 400;
const TERMINAL = { type: 'terminal', small: true } as const;

export const qrSchema = z.object({
  qr: z.string().describe('The text that the picture encodes'),
  expiresAt: z.iso.datetime().describe('Until when codes are shown; the code itself changes about every 20 s'),
});

/** The QR code on show, in the form that the caller accepts. */
export function qrRoutes(fleet: Fleet): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/qr',
      operationId: 'getQr',
      tag: 'Linking',
      summary: 'The QR code to scan now, in the form named by Accept; 404 `no_qr` while there is none',
      access: 'operator',
      params: sessionParams,
      refusals: ['no_qr', 'not_acceptable'],
      responses: {
        200: {
          description: 'The QR code',
          content: {
            'image/png': z.string(),
            'image/svg+xml': z.string(),
            'text/plain': z.string().describe('For a terminal'),
            'application/json': qrSchema,
          },
        },
      },
      async handle({ params, req }) {
        const form = FORMS.find((candidate) => candidate === req.accepts([...FORMS]));
        if (form === undefined) {
          const detail = `Accept was expected to allow one of ${FORMS.join(', ')}, but it is "${req.get('Accept')}".`;
          throw new DomainError('not_acceptable', detail);
        }
        const { qr, expiresAt } = fleet.qr(params.id);
        switch (form) {
          case 'image/png':
            return {
              status: 200,
              contentType: form,
              bytes: await toBuffer(qr, { type: 'png', width: PNG_WIDTH_PIXELS }),
            };
          case 'image/svg+xml':
            return { status: 200, contentType: form, bytes: await toText(qr, { type: 'svg' }) };
          case 'text/plain':
            // With colours of its own: without them it is inverted on a dark terminal, which not every phone reads.
            return { status: 200, contentType: form, bytes: `${await toText(qr, TERMINAL)}\n` };
          case 'application/json':
            return { status: 200, json: { qr, expiresAt } };
          default:
            return form satisfies never;
        }
      },
    }),
  ];
}
