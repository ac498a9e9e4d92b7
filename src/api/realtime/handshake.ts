import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { sessionIdSchema } from '../inputs.js';
import type { toProblem } from '../problem.js';

const MOST_SESSION_IDS = 500;

export const sessionIdsSchema = z
  .array(sessionIdSchema)
  .max(MOST_SESSION_IDS, `expected at most ${MOST_SESSION_IDS} ids; without any you get every session`)
  .nullable();

/** What a client may say of itself as it connects: `auth` of Socket.IO. */
export const handshakeSchema = z.object({
  token: z.string().nullish(),
  after: z.int('expected the `seq` of the last event that you got').nonnegative().nullish(),
  sessionIds: sessionIdsSchema.optional(),
});

/**
 * The page that wants to connect came from here, or it is no page. Browsers let any page open a WebSocket anywhere; only
 * the server can refuse those of others.
 */
export function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host);
}

/** What a client gets as `connect_error`: `message` is the code, `data` the problem as the API would tell it. */
export function refusalError(problem: ReturnType<typeof toProblem>): Error {
  return Object.assign(new Error(problem.code), { data: problem });
}
