import type { Response } from 'express';
import { z } from 'zod';
import { DomainError } from '../domain/error-catalogue.js';
import type { OutboxMessage } from '../domain/message.js';
import type { Fleet } from '../fleet/facade.js';
import { sessionParams } from './inputs.js';
import {
  acceptedSchema,
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

/** Aborts when the caller hangs up. */
function hangUpSignal(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
}

const isOpen = ({ status }: OutboxMessage) => status === 'queued' || status === 'sending';

/** Sending messages, and reading those sent and received. */
export function messageRoutes(fleet: Fleet): Route[] {
  return [
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/messages',
      operationId: 'sendMessage',
      summary: 'Send a message: it is stored first and then sent, or reported as failed',
      access: 'operator',
      params: sessionParams,
      headers: sendMessageHeaders,
      body: sendMessageBody,
      responses: {
        200: jsonResponse('With `Prefer: wait`: the message, which is sent or has failed', sentMessageSchema),
        202: jsonResponse('The message is stored and will be sent or reported', acceptedSchema),
      },
      async handle({ params: { id }, headers, body, res }) {
        if (body.text === undefined || body.quotedMessageId !== undefined) {
          const what = body.text === undefined ? 'Media' : 'Replies that quote a message';
          throw new DomainError('not_implemented', `${what} cannot be sent yet; plain text can.`, { sessionId: id });
        }
        const idempotencyKey = headers['idempotency-key'] ?? null;
        const { created, message } = fleet.send(id, { to: body.to, text: body.text, idempotencyKey });
        if (message.to !== body.to || message.text !== body.text) {
          const detail = `The idempotency key belongs to message ${message.id}, which has another recipient or text. Take a new key.`;
          throw new DomainError('idempotency_conflict', detail, { sessionId: id });
        }
        if (!created) res.set('Idempotent-Replayed', 'true');
        res.location(`/api/sessions/${id}/messages/${message.id}`);

        const waitSeconds = preferredWaitSeconds(headers.prefer);
        if (waitSeconds === 0) return { status: 202, json: { id: message.id, status: message.status } };
        res.set('Preference-Applied', `wait=${waitSeconds}`);
        const settled = await fleet.settled(id, message.id, waitSeconds * 1_000, hangUpSignal(res));
        if (isOpen(settled)) return { status: 202, json: { id: settled.id, status: settled.status } };
        return { status: 200, json: showSent(settled, fleet.get(id).phoneNumber) };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/messages',
      operationId: 'listMessages',
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
        const { phoneNumber } = fleet.get(id);
        return { status: 200, json: { ...page, items: page.items.map((message) => showSent(message, phoneNumber)) } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/messages/:messageId',
      operationId: 'getMessage',
      summary: 'One message of the outbox',
      access: 'viewer',
      params: messageParams,
      responses: { 200: jsonResponse('The message', sentMessageSchema) },
      handle: ({ params: { id, messageId } }) => ({
        status: 200,
        json: showSent(fleet.message(id, messageId), fleet.get(id).phoneNumber),
      }),
    }),
  ];
}
