import { z } from 'zod';
import { ENGINES, USUAL_ENGINE } from '../../domain/engine-record.js';
import { REASONS, type Reason } from '../../domain/reason.js';
import { RUNGS, type SessionState } from '../../domain/session-state.js';
import { NO_SNAPSHOT } from '../../domain/snapshot-record.js';
import type { SessionFacts } from '../../domain/store-ports.js';
import type { WebhookSettings } from '../../domain/webhook.js';

const time = z.number();
const maybeTime = time.nullable();
const isReason = (value: string): value is Reason => Object.hasOwn(REASONS, value);
const reason = z.string().refine(isReason, 'is not a reason of the catalogue');
const rung = z.enum(RUNGS);
const stage = z.enum(['launching', 'syncing']);

const common = z.object({
  reason,
  since: time,
  desired: z.enum(['running', 'stopped']),
  epoch: z.number().int().nonnegative(),
  attempt: z.number().int().nonnegative(),
  lastAttemptAt: maybeTime,
  errorCount: z.number().int().nonnegative(),
  breaker: z.discriminatedUnion('state', [
    z.object({ state: z.literal('closed'), failures: z.number() }),
    z.object({ state: z.literal('open'), failures: z.number(), until: maybeTime }),
    z.object({ state: z.literal('half_open'), failures: z.number() }),
  ]),
  credentials: z.object({ failures: z.number(), lastFailureAt: maybeTime }),
  linked: z.boolean(),
  snapshot: z
    .object({ held: z.boolean(), failures: z.number(), tried: z.boolean(), restored: z.boolean() })
    .default(NO_SNAPSHOT),
  engine: z
    .object({
      choice: z.enum(['usual', 'trial', 'pinned']),
      used: z.enum(ENGINES).nullable(),
      hasOther: z.boolean(),
      failures: z.number(),
      tried: z.boolean(),
    })
    .default(USUAL_ENGINE),
  qrRounds: z.number().int().nonnegative(),
  conflicts: z.array(time),
  lost: z.object({ at: time, reason }).nullable(),
  healed: z.object({ reason, rung, tookMs: z.number() }).nullable(),
});

const phase = z.discriminatedUnion('status', [
  z.object({ status: z.literal('idle'), wakeAt: maybeTime.default(null) }),
  z.object({ status: z.literal('connecting'), stage, deadlineAt: maybeTime }),
  z.object({
    status: z.literal('qr_pending'),
    qr: z.object({ text: z.string(), shownAt: time, next: z.string().nullable() }),
    hideAt: time,
  }),
  z.object({ status: z.literal('connected'), stableAt: time, stable: z.boolean() }),
  z.discriminatedUnion('step', [
    z.object({ status: z.literal('reconnecting'), step: z.literal('waiting'), dueAt: time }),
    z.object({ status: z.literal('reconnecting'), step: z.literal('healing'), rung, stage, deadlineAt: maybeTime }),
  ]),
  z.object({ status: z.literal('suspended'), until: maybeTime }),
  z.object({ status: z.literal('disconnected') }),
  z.object({ status: z.literal('error') }),
]);

/** A stored state, as far as it can be trusted: an older or damaged one fails here and not deep in the machine. */
export const stateSchema: z.ZodType<SessionState> = z.intersection(common, phase);

export const factsSchema: z.ZodType<SessionFacts> = z.object({
  phoneNumber: z.string().nullable(),
  webVersion: z.string().nullable(),
  lastQrScanAt: maybeTime,
  lastConnectionCheckAt: maybeTime,
  lastActivityAt: maybeTime,
});

export const NO_FACTS: SessionFacts = {
  phoneNumber: null,
  webVersion: null,
  lastQrScanAt: null,
  lastConnectionCheckAt: null,
  lastActivityAt: null,
};

export const webhookSchema: z.ZodType<WebhookSettings> = z.object({
  url: z.string(),
  token: z.string().nullable(),
  hmacKey: z.string().nullable(),
  events: z.array(z.string()).nullable(),
  // Before it was written down, every key was an admin's.
  trusted: z.boolean().default(true),
});

/** The state as it may be written down: a QR code is a key to the account and lives only in memory. */
export function storableState(state: SessionState): SessionState {
  return state.status === 'qr_pending' ? { ...state, qr: { ...state.qr, text: '', next: null } } : state;
}
