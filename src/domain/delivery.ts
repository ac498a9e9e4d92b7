export const DELIVERY_STATUSES = ['queued', 'delivered', 'dead'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event for one endpoint. What shares endpoint and session is one lane: delivered strictly in order. */
export interface DeliveryLane {
  /** Key of the endpoint, see WebhookEndpoint. */
  endpoint: string;
  /** null for what concerns no single session. */
  sessionId: string | null;
}

export interface Delivery extends DeliveryLane {
  /** The same on every attempt: X-Webhook-Request-Id. */
  id: string;
  /** Position in the order in which events became known. */
  seq: number;
  /** `evt_…`, the same for every endpoint that hears of the event. */
  eventId: string;
  event: string;
  /** The JSON text, exactly as it is signed and sent. */
  body: string;
  status: DeliveryStatus;
  attempts: number;
  /** How often the receiver said that this very body is wrong. */
  refusals: number;
  nextAttemptAt: number;
  /** HTTP status of the last answer, null when none came. */
  lastStatus: number | null;
  lastError: string | null;
  createdAt: number;
  updatedAt: number;
}

/** What a receiver answered, or why no answer came. `latencyMs` runs up to the head of the answer. */
export type ReceiverAnswer =
  | {
      kind: 'answered';
      status: number;
      latencyMs: number /** The header Retry-After as it came. */;
      retryAfter?: string;
    }
  | { kind: 'unanswered'; error: string; latencyMs: number };

export type Verdict = 'delivered' | 'refused' | 'failed';

/** 4xx that say something of the address, the key or the moment, and nothing of this one body. */
const NOT_THE_BODY: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 410, 425, 429]);
/** A body that was refused so often is not asked again: it would hold back everything behind it for hours. */
const MAX_REFUSALS = 3;

/** What an answer means. A redirect is a failure: webhooks follow none. */
export function verdictOf(answer: ReceiverAnswer): Verdict {
  if (answer.kind === 'unanswered') return 'failed';
  const { status } = answer;
  if (status >= 200 && status < 300) return 'delivered';
  return status >= 400 && status < 500 && !NOT_THE_BODY.has(status) ? 'refused' : 'failed';
}

/** Too many requests, and not available: both speak of everything that the receiver is sent. */
const ASKS_FOR_A_PAUSE: ReadonlySet<number> = new Set([429, 503]);

interface Schedule {
  /** Waits between the attempts. */
  retryDelaysMs: readonly number[];
  now: number;
}

/**
 * How long a receiver asks to be left alone by `Retry-After` (seconds or a date), milliseconds; 0 when it does not ask.
 * At most the longest wait of the schedule: a slip there must not silence a webhook for days.
 */
export function askedPauseMs(answer: ReceiverAnswer, { retryDelaysMs, now }: Schedule): number {
  if (answer.kind !== 'answered' || !ASKS_FOR_A_PAUSE.has(answer.status)) return 0;
  const asked = answer.retryAfter?.trim() ?? '';
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
  return Number.isNaN(ms) ? 0 : Math.max(0, Math.min(ms, Math.max(0, ...retryDelaysMs)));
}

type Attempted = Pick<Delivery, 'status' | 'attempts' | 'refusals' | 'nextAttemptAt' | 'lastStatus' | 'lastError'>;

/** The delivery after one more attempt: delivered, due again at `nextAttemptAt`, or dead. */
export function afterAttempt(
  { attempts: before, refusals: refusedBefore }: Pick<Delivery, 'attempts' | 'refusals'>,
  answer: ReceiverAnswer,
  { retryDelaysMs, now }: Schedule,
): Attempted {
  const verdict = verdictOf(answer);
  const attempts = before + 1;
  const refusals = refusedBefore + (verdict === 'refused' ? 1 : 0);
  const lastStatus = answer.kind === 'answered' ? answer.status : null;
  const counted = { attempts, refusals, lastStatus, nextAttemptAt: now };
  if (verdict === 'delivered') return { ...counted, status: 'delivered', lastError: null };
  const lastError = answer.kind === 'answered' ? `The receiver answered ${answer.status}` : answer.error;
  // A refusal is asked again soon: a receiver that is being deployed may refuse for a moment what it knows a minute later.
  const delayMs = verdict === 'refused' ? retryDelaysMs[0] : retryDelaysMs[before];
  const isDead = refusals >= MAX_REFUSALS || attempts > retryDelaysMs.length || delayMs === undefined;
  if (isDead) return { ...counted, status: 'dead', lastError };
  const waitMs = Math.max(delayMs, askedPauseMs(answer, { retryDelaysMs, now }));
  return { ...counted, status: 'queued', lastError, nextAttemptAt: now + waitMs };
}
