import { z } from 'zod';
import { DomainError } from '../domain/error-catalogue.js';
import { isOpen, type OutboxMessage } from '../domain/message.js';
import type { Fleet, SessionView } from '../fleet/facade.js';
import { keyOf } from './auth.js';
import { hangUpSignal } from './hang-up.js';
import { pageQuery, sessionParams } from './inputs.js';
import {
  acceptedSchema,
  contentOf,
  messageParams,
  messagesQuery,
  receivedMessageSchema,
  sendMessageBody,
  sendMessageHeaders,
  sentMessageSchema,
  showReceived,
  showSent,
} from './message-schemas.js';
import { pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

const MAX_WAIT_SECONDS = 60;

/** Seconds of `Prefer: wait=…` (RFC 7240), at most 60; what cannot be understood is ignored, as the RFC wants it. */
export function preferredWaitSeconds(prefer: string | undefined): number {
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})\b/i.exec(prefer ?? '')?.[1];
  return Math.min(Number(wait ?? 0), MAX_WAIT_SECONDS);
}

const MB = 1024 * 1024;

/** Base64 takes a third more room than the bytes, and the rest of the message comes on top. */
function bodyLimitOf(maxMediaMb: number): number {
  return Math.ceil((maxMediaMb * MB * 4) / 3) + MB;
}

function requireSize(bytes: Uint8Array | null, maxMediaMb: number, sessionId: string): void {
  if (bytes === null || bytes.length <= maxMediaMb * MB) return;
  const detail = `Media of at most ${maxMediaMb} MB was expected (messages.maxMediaMb), but ${Math.ceil(bytes.length / MB)} MB came.`;
  throw new DomainError('payload_too_large', detail, { sessionId });
}

/** A caller who is told only "queued" would send it again: it says what the message waits for. */
function accepted({ id, status }: OutboxMessage, session: SessionView): z.infer<typeof acceptedSchema> {
  if (session.isConnected || !isOpen({ status })) return { id, status };
  const comesBack = session.userAction === 'none' ? ' The connection is being restored.' : '';
  const advice = 'The message is stored and will be sent then: do not send it again, look again in a moment.';
  return { id, status, detail: `${session.message}${comesBack} ${advice}` };
}

const acceptance = {
  Location: 'Address of the message',
  'Idempotent-Replayed': '`true` when the same request came before with this key',
  'Preference-Applied': '`wait=SECONDS`, when `Prefer` was understood',
};

/** Sending messages, and reading those sent and received. */
export function messageRoutes(fleet: Fleet, { maxMediaMb }: { maxMediaMb: number }): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/messages',
      operationId: 'sendMessage',
      tag: 'Messages',
      summary: 'Send a message: it is stored first and then sent, or reported as failed',
      access: 'operator',
      params: sessionParams,
      headers: sendMessageHeaders,
      body: sendMessageBody,
      examples: {
        text: { to: '+49 151 12345678', text: 'Your order is ready' },
        'a file behind an address': {
          to: '+49 151 12345678',
          media: { url: 'https://shop.test/offer.pdf', mimeType: 'application/pdf', fileName: 'Offer.pdf' },
          caption: 'Our offer',
        },
        'a place, as a reply': {
          to: '4915112345678@c.us',
          location: { latitude: 52.52, longitude: 13.405, name: 'Our shop' },
          quotedMessageId: 'false_4915112345678@c.us_3EB0538DA65A59F6D8A251',
        },
      },
      refusals: ['not_connected', 'not_linked', 'idempotency_conflict'],
      responses: {
        200: jsonResponse(
          'With `Prefer: wait`: the message, which is sent or has failed',
          sentMessageSchema,
          acceptance,
        ),
        202: jsonResponse('The message is stored and will be sent or reported', acceptedSchema, acceptance),
      },
      maxBodyBytes: bodyLimitOf(maxMediaMb),
      async handle({ params: { id }, headers, body, req, res }) {
        const { content, bytes } = contentOf(body, keyOf(req).role === 'admin');
        requireSize(bytes, maxMediaMb, id);
        const { created, message } = await fleet.send(id, {
          to: body.to,
          content,
          bytes,
          quotedMessageId: body.quotedMessageId ?? null,
          validForMs: body.validForSeconds === undefined ? null : body.validForSeconds * 1000,
          idempotencyKey: headers['idempotency-key'] ?? null,
        });
        if (!created) res.set('Idempotent-Replayed', 'true');
        res.location(`/api/sessions/${id}/messages/${message.id}`);

        const waitSeconds = preferredWaitSeconds(headers.prefer);
        if (waitSeconds === 0) return { status: 202, json: accepted(message, fleet.get(id)) };
        res.set('Preference-Applied', `wait=${waitSeconds}`);
        const settled = await fleet.settled(id, message.id, waitSeconds * 1_000, hangUpSignal(res));
        if (isOpen(settled)) return { status: 202, json: accepted(settled, fleet.get(id)) };
        return { status: 200, json: showSent(settled, fleet.phoneNumberOf(id)) };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions/:id/messages/:messageId',
      operationId: 'cancelMessage',
      tag: 'Messages',
      summary: 'Cancel a message that is still queued',
      access: 'operator',
      params: messageParams,
      refusals: ['message_not_found', 'not_cancellable'],
      responses: { 200: jsonResponse('The message, which has failed with code `cancelled`', sentMessageSchema) },
      handle: ({ params: { id, messageId } }) => ({
        status: 200,
        json: showSent(fleet.cancelMessage(id, messageId), fleet.phoneNumberOf(id)),
      }),
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/messages',
      operationId: 'listMessages',
      tag: 'Messages',
      summary: 'Messages sent or received, oldest first',
      access: 'viewer',
      params: sessionParams,
      query: messagesQuery,
      responses: {
        200: jsonResponse('The messages', pageSchema(z.union([sentMessageSchema, receivedMessageSchema]))),
      },
      handle({ params: { id }, query: { direction, ...options } }) {
        if (direction === 'received') {
          const { after, limit } = options;
          const page = fleet.inbox(id, { after, limit });
          return { status: 200, json: { ...page, items: page.items.map(showReceived) } };
        }
        const page = fleet.messages(id, options);
        const phoneNumber = fleet.phoneNumberOf(id);
        return { status: 200, json: { ...page, items: page.items.map((message) => showSent(message, phoneNumber)) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/inbox',
      operationId: 'listInbox',
      tag: 'Messages',
      summary: 'Messages received, in the order in which they came',
      access: 'viewer',
      params: sessionParams,
      query: pageQuery,
      responses: { 200: jsonResponse('The messages', pageSchema(receivedMessageSchema)) },
      handle({ params: { id }, query }) {
        const page = fleet.inbox(id, query);
        return { status: 200, json: { ...page, items: page.items.map(showReceived) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/messages/:messageId',
      operationId: 'getMessage',
      tag: 'Messages',
      summary: 'One message of the outbox',
      access: 'viewer',
      params: messageParams,
      refusals: ['message_not_found'],
      responses: { 200: jsonResponse('The message', sentMessageSchema) },
      handle: ({ params: { id, messageId } }) => ({
        status: 200,
        json: showSent(fleet.message(id, messageId), fleet.phoneNumberOf(id)),
      }),
    }),
  ];
}
