import { z } from 'zod';
import { ENGINES } from '../domain/engine-record.js';
import { REASONS, type Reason, USER_ACTIONS } from '../domain/reason.js';
import { STATUSES } from '../domain/session-state.js';
import { UPTIME_KINDS } from '../domain/uptime.js';
import type { FleetStats, SessionView } from '../fleet/facade.js';
import { webhookSchema } from '../webhook-schema.js';
import { nameSchema, sessionIdSchema } from './inputs.js';

const time = z.iso.datetime();
const maybeTime = time.nullable();

/** A session as it is shown. The webhook's secrets are not part of it. */
export const sessionViewSchema: z.ZodType<SessionView> = z.object({
  id: z.string(),
  label: z.string().nullable().describe('A name for people'),
  phoneNumber: z.string().nullable().describe('Digits with the country code; null until it is linked'),
  status: z.enum(STATUSES),
  reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]).describe('Why it has this status'),
  message: z.string().describe('What is going on, for a person'),
  userAction: z.enum(USER_ACTIONS).describe('What a person must do'),
  since: time.describe('When it got this status'),
  desired: z.enum(['running', 'stopped']).describe('What the operator wants'),
  attempt: z.int().describe('Attempts to connect since it was last stable'),
  maxAttempts: z.int().nullable().describe('After so many it gives up; null: never'),
  nextAttemptAt: maybeTime.describe('null when no attempt waits'),
  lastReconnectAttempt: maybeTime,
  isReconnecting: z.boolean().describe('An attempt is running now'),
  errorCount: z.int().describe('Faults since it was last stable'),
  circuit: z.object({ state: z.enum(['closed', 'open', 'half_open']), resumesAt: maybeTime }),
  connectionFailureCount: z.int().describe('Refusals of the login in a row; some of them discard it'),
  lastConnectionFailure: maybeTime,
  lastQrScanAt: maybeTime,
  lastConnectionCheckAt: maybeTime,
  lastActivityAt: maybeTime,
  uptimeSeconds: z.number().describe('Since it is connected; 0 while it is not'),
  isConnected: z.boolean(),
  browser: z.object({ pid: z.int(), memoryBytes: z.number(), startedAt: time, engine: z.enum(ENGINES) }).nullable(),
  webVersion: z.string().nullable().describe('Version of WhatsApp Web'),
  health: z.object({ verdict: z.string(), checkedAt: maybeTime, latencyMs: z.number().nullable() }),
});

const PROXY =
  /^(?:(?:https?|socks4|socks5):\/\/)?(?:[^\s/@:]+(?::[^\s/@]*)?@)?(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}\/?$/;

const settings = {
  label: nameSchema(200).nullable().exactOptional().describe('A name for people'),
  webhook: webhookSchema.nullable().exactOptional(),
  proxy: z
    .string()
    .max(2_048)
    .regex(PROXY, 'expected a proxy such as http://host:8080 or socks5://host:1080')
    .nullable()
    .exactOptional()
    .describe('Proxy of the browser'),
};

export const createSessionBody = z.strictObject({
  id: sessionIdSchema,
  ...settings,
  start: z.boolean().default(true).describe('Connect at once'),
});

export const changeSessionBody = z.strictObject(settings);

export const disconnectBody = z.strictObject({
  force: z.boolean().default(false).describe('Also delete the credentials and reset the counters'),
});

export const eventSchema = z.object({
  seq: z.int(),
  sessionId: z.string(),
  at: time,
  event: z.string(),
  message: z.string(),
  data: z.record(z.string(), z.unknown()),
});

export const memorySchema = z.object({
  items: z.array(
    z.object({
      at: time,
      bytes: z.number().nullable().describe('The browser with all its processes; null from here on while none ran'),
    }),
  ),
});

const timeToRecoverMs = z
  .object({ p50: z.number().nullable(), p95: z.number().nullable(), count: z.int() })
  .describe('From a loss to the return: half of the faults, and 95 of 100, were healed within so much');

const HOURS = 'expected a whole number from 1 to 720';

export const uptimeQuery = z.strictObject({
  hours: z.coerce.number(HOURS).int(HOURS).min(1, HOURS).max(720, HOURS).default(24).describe('How far to look back'),
});

export const uptimeSchema = z.object({
  from: time,
  to: time,
  upShare: z
    .number()
    .nullable()
    .describe('Of the time when it should have been connected, 0 to 1; null when there was no such time'),
  upMs: z.number(),
  downMs: z.number().describe('Wanted and not connected, also because the service did not run'),
  offMs: z.number().describe('Not wanted, asleep, or waiting for a scan'),
  unknownMs: z.number().describe('Before it was first seen up, down or off'),
  timesDown: z.int().describe('How often it was down, for whatever reason, a planned change of the browser included'),
  timeToRecoverMs,
  segments: z.array(z.object({ kind: z.enum(UPTIME_KINDS), from: time, to: time })),
});

export const chatSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  isGroup: z.boolean(),
  unreadCount: z.int(),
  timestamp: z.number().nullable().describe('Milliseconds since 1970 of the last message'),
});

export const contactSchema = z.object({
  phoneNumber: z.string(),
  registered: z.boolean().describe('Whether the number is on WhatsApp'),
  id: z.string().nullable(),
  name: z.string().nullable(),
});

export const statsSchema: z.ZodType<FleetStats> = z.object({
  sessions: z.int(),
  byStatus: z.record(z.enum(STATUSES), z.int()),
  uptimeSeconds: z.number(),
  restoring: z
    .object({
      connected: z.int(),
      of: z.int().describe('All that the start of the service brings back'),
      remainingSeconds: z.number().nullable().describe('At the pace so far; null while that is not known'),
      message: z.string().describe('`12 of 40 connected, about 50 s`'),
    })
    .nullable()
    .describe('How far the restore after a start is; null when everybody is connected, rests or waits for a person'),
  timeToRecoverMs,
  failures: z.object({ mean: z.number(), atThreshold: z.int(), last24Hours: z.int() }),
  memory: z.object({
    availableBytes: z.number().nullable().describe('Memory that the machine has left; null when it cannot be told'),
    browsersBytes: z.number().describe('Memory of all browsers together'),
  }),
});
