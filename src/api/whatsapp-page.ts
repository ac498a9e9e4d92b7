import { z } from 'zod';
import type { Fleet } from '../fleet/facade.js';
import { phoneNumberSchema, sessionParams, wholeListQuery } from './inputs.js';
import { pageOfWhole, pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';
import { chatSchema, contactSchema } from './session-schemas.js';

/** Thin reads through to the session's WhatsApp Web. */
export function whatsAppPageRoutes(fleet: Fleet): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/screenshot',
      operationId: 'getScreenshot',
      tag: 'WhatsApp',
      summary: 'Picture of the WhatsApp Web page; may show a QR code and chats',
      access: 'operator',
      params: sessionParams,
      refusals: ['not_connected', 'client_failed'],
      responses: { 200: { description: 'PNG of the page', content: { 'image/png': z.string() } } },
      handle: async ({ params }) => ({
        status: 200,
        contentType: 'image/png',
        bytes: await fleet.screenshot(params.id),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/chats',
      operationId: 'listChats',
      tag: 'WhatsApp',
      summary: 'Chats, newest first',
      access: 'viewer',
      params: sessionParams,
      query: wholeListQuery,
      refusals: ['not_connected', 'client_failed'],
      responses: { 200: jsonResponse('The chats', pageSchema(chatSchema)) },
      handle: async ({ params, query }) => ({
        status: 200,
        json: pageOfWhole(await fleet.chats(params.id), query, ({ id }) => id),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/contacts/:number',
      operationId: 'getContact',
      tag: 'WhatsApp',
      summary: 'What WhatsApp knows of a phone number',
      access: 'viewer',
      params: sessionParams.extend({ number: phoneNumberSchema }),
      refusals: ['not_connected', 'client_failed'],
      responses: { 200: jsonResponse('The contact', contactSchema) },
      handle: async ({ params }) => ({ status: 200, json: await fleet.contact(params.id, params.number) }),
    }),
  ];
}
