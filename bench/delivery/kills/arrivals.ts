import type { SentMessage } from '../../../simulator/client.js';
import { grouped } from '../../support/grouped.js';
import type { ListedMessage } from '../../support/service-api.js';

/** A message that the API took, and when its answer was there. */
export interface Accepted {
  readonly id: string;
  /** Digits of the receiver. */
  readonly to: string;
  /** No two are the same. */
  readonly body: string;
  readonly at: number;
}

/** What became of the messages of one number. */
export interface Arrivals {
  readonly accepted: number;
  readonly arrived: number;
  readonly lost: number;
  /** Arrivals of one message under a further id: people see it again. */
  readonly twice: number;
  /** Arrived behind a later one of its chat. */
  readonly outOfOrder: number;
  /** Arrived under another id than the outbox says. */
  readonly otherId: number;
  /** Ids that WhatsApp got again: it drops them, and nobody sees anything. */
  readonly sameIdAgain: number;
  readonly uncertain: number;
  readonly failed: number;
  /** Neither sent nor reported in the end. */
  readonly open: number;
  /** Longest time from accepted to arrived, milliseconds. */
  readonly longestMs: number;
  /** Each of the above in words, but for ids that came again. */
  readonly findings: readonly string[];
}

/** Compares what was accepted with the books of WhatsApp (`sent`, in order) and of the service (`listed`). */
export function judgeArrivals(
  accepted: readonly Accepted[],
  sent: readonly SentMessage[],
  listed: readonly ListedMessage[],
): Arrivals {
  const arrivalsOf = grouped(sent, ({ body }) => body);
  const rowOf = new Map(listed.map((row) => [row.id, row]));
  const found = { lost: 0, twice: 0, otherId: 0, uncertain: 0, failed: 0, open: 0 };
  const findings: string[] = [];
  let longestMs = 0;
  for (const { id, body, at } of accepted) {
    const arrivals = arrivalsOf.get(body) ?? [];
    const row = rowOf.get(id);
    const status = row?.status ?? 'unknown';
    const note = (what: keyof typeof found, words: string) => {
      found[what] += 1;
      findings.push(`${what}: ${body} (${id}), ${status}${row?.code ? ` ${row.code}` : ''}: ${words}`);
    };
    const ids = arrivals.map((arrival) => arrival.id).join(', ');
    if (arrivals.length === 0) note('lost', `never arrived; the outbox says ${row?.waMessageId ?? 'no id'}`);
    for (const again of arrivals.slice(1)) note('twice', `arrived as ${ids}, the last at ${again.firstAt}`);
    if (status === 'uncertain') note('uncertain', ids === '' ? 'did not arrive' : `arrived as ${ids}`);
    else if (status === 'failed') note('failed', ids === '' ? 'did not arrive' : `arrived as ${ids}`);
    else if (status === 'queued' || status === 'sending' || status === 'unknown') note('open', ids);
    else if (arrivals.length > 0 && !arrivals.some((arrival) => row?.waMessageId?.endsWith(`_${arrival.id}`))) {
      note('otherId', `arrived as ${ids}; the outbox says ${row?.waMessageId ?? 'no id'}`);
    }
    for (const { firstAt } of arrivals.slice(0, 1)) longestMs = Math.max(longestMs, firstAt - at);
  }
  const late = overtaken(accepted, sent);
  findings.push(...late.map(({ body, behind }) => `out of order: ${body} arrived behind ${behind}`));
  return {
    accepted: accepted.length,
    arrived: accepted.filter(({ body }) => arrivalsOf.has(body)).length,
    ...found,
    outOfOrder: late.length,
    sameIdAgain: sent.reduce((sum, { receivedCount }) => sum + receivedCount - 1, 0),
    longestMs,
    findings,
  };
}

/** Messages whose first arrival came behind that of a later one of the same chat. */
function overtaken(accepted: readonly Accepted[], sent: readonly SentMessage[]): { body: string; behind: string }[] {
  const placeOf = new Map(accepted.map(({ body }, place) => [body, place]));
  const latestOf = new Map<string, { place: number; body: string }>();
  const seen = new Set<string>();
  return sent.flatMap(({ to, body }) => {
    const place = placeOf.get(body);
    if (place === undefined || seen.has(body)) return [];
    seen.add(body);
    const latest = latestOf.get(to);
    if (latest !== undefined && place < latest.place) return [{ body, behind: latest.body }];
    latestOf.set(to, { place, body });
    return [];
  });
}
