import { z } from 'zod';
import { CliFailure, EXIT } from './cli-failure.js';

// What people are shown of the service's answers. More may be in them: scripts get all of it with --json.

const text = z.string();
const maybe = z.string().nullable();

export const sessionAnswer = z.object({
  id: text,
  label: maybe,
  phoneNumber: maybe,
  status: text,
  reason: text,
  message: text,
  userAction: text,
  since: text,
  desired: text,
  attempt: z.number(),
  nextAttemptAt: maybe,
  circuit: z.object({ state: text, resumesAt: maybe }),
  lastActivityAt: maybe,
  uptimeSeconds: z.number(),
  isConnected: z.boolean(),
  browser: z.object({ pid: z.number(), memoryBytes: z.number() }).nullable(),
  webVersion: maybe,
  health: z.object({ verdict: text, latencyMs: z.number().nullable() }),
});
export type SessionAnswer = z.infer<typeof sessionAnswer>;

export const eventAnswer = z.object({ seq: z.number(), at: text, event: text, message: text });

export const messageAnswer = z.object({
  id: text,
  from: maybe,
  to: text,
  body: text,
  type: text,
  timestamp: z.number(),
  status: text.optional(),
  code: maybe.optional(),
});

export const acceptedAnswer = z.object({ id: text, status: text, code: maybe.optional(), detail: text.optional() });

export const incidentAnswer = z.object({
  kind: text,
  openedAt: text,
  closedAt: maybe,
  sessionIds: z.array(text),
  message: text,
});

export const webhookAnswer = z.object({
  endpoint: z.string(),
  receiver: z.string(),
  events: z.array(z.string()).nullable(),
  pausedSince: z.string().nullable(),
});

export const deliveryAnswer = z.object({
  id: text,
  event: text,
  sessionId: maybe,
  receiver: maybe,
  status: text,
  attempts: z.number(),
  nextAttemptAt: maybe,
  lastError: maybe,
  createdAt: text,
});

export const chatAnswer = z.object({
  id: text,
  name: maybe,
  unreadCount: z.number(),
  timestamp: z.number().nullable(),
});

export const contactAnswer = z.object({ phoneNumber: text, registered: z.boolean(), id: maybe, name: maybe });

export const statsAnswer = z.object({
  sessions: z.number(),
  byStatus: z.record(text, z.number()),
  uptimeSeconds: z.number(),
  restoring: z.object({ message: text }).nullish(),
  timeToRecoverMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), count: z.number() }),
  failures: z.object({ last24Hours: z.number() }),
});

/** One page of a list; `next` names the one behind it. */
export const pageOf = <T>(item: z.ZodType<T>) => z.object({ items: z.array(item), next: z.string().optional() });

/** The answer in the form that people are shown; throws CliFailure when it has another one. */
export function read<T>(schema: z.ZodType<T>, answer: unknown): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const words = `The service answered in a form that this command does not know; is it of another version? ${z.prettifyError(result.error)}`;
  throw new CliFailure(EXIT.unreachable, words, { cause: result.error });
}
