import { grouped } from '../../support/grouped.js';

/** A message that a customer wrote. */
export interface Written {
  /** WhatsApp's id of it, without the chat. */
  readonly id: string;
  readonly sessionId: string;
  /** Digits of the customer. */
  readonly from: string;
  readonly at: number;
}

/** A call of the webhook that the receiver answered with 2xx. */
export interface Taken {
  readonly requestId: string;
  /** As in Written. */
  readonly id: string;
  readonly sessionId: string;
  /** When WhatsApp says that it was written: whole seconds, as milliseconds since 1970. */
  readonly timestamp: number;
  readonly at: number;
}

/** What the receiver was told of the messages of one number. */
export interface Told {
  readonly written: number;
  readonly told: number;
  readonly missing: number;
  /** Taken a second time. */
  readonly twice: number;
  /** The same, but the service was killed between the answer and its note of it: promised to happen, under the same request id. */
  readonly afterKill: number;
  /** Told behind a later one of the same chat. */
  readonly outOfOrder: number;
  /** Told behind one of another chat that WhatsApp dates at least a second later. */
  readonly acrossChats: number;
  /** Longest time from written to told, milliseconds. */
  readonly longestMs: number;
  readonly findings: readonly string[];
}

/** Compares what was written to a number with what the receiver took, both in order; `kills` are the SIGKILLs. */
export function judgeTold(written: readonly Written[], taken: readonly Taken[], kills: readonly number[]): Told {
  const callsOf = grouped(taken, ({ id }) => id);
  const found = { missing: 0, twice: 0, afterKill: 0, outOfOrder: 0, acrossChats: 0 };
  const findings: string[] = [];
  const note = (what: keyof typeof found, words: string) => {
    found[what] += 1;
    findings.push(`${what}: ${words}`);
  };
  let longestMs = 0;
  for (const { id, at } of written) {
    const [first, ...again] = callsOf.get(id) ?? [];
    if (first === undefined) {
      note('missing', `${id}, written at ${at}, was never told`);
      continue;
    }
    longestMs = Math.max(longestMs, first.at - at);
    let last = first;
    for (const call of again) {
      const isPromised = call.requestId === last.requestId && kills.some((kill) => last.at <= kill && kill <= call.at);
      note(
        isPromised ? 'afterKill' : 'twice',
        `${id}: ${last.requestId} at ${last.at}, ${call.requestId} at ${call.at}`,
      );
      last = call;
    }
  }
  const known = new Map(written.map((message, place) => [message.id, { ...message, place }]));
  const latestOf = new Map<string, { id: string; place: number }>();
  let newest: Taken | null = null;
  for (const [id, [call]] of callsOf) {
    const message = known.get(id);
    if (message === undefined || call === undefined) continue;
    const latest = latestOf.get(message.from);
    if (latest !== undefined && message.place < latest.place) note('outOfOrder', `${id} was told behind ${latest.id}`);
    else {
      latestOf.set(message.from, message);
      if (newest !== null && call.timestamp < newest.timestamp) {
        note('acrossChats', `${id} of ${call.timestamp} was told behind ${newest.id} of ${newest.timestamp}`);
      }
    }
    if (newest === null || call.timestamp > newest.timestamp) newest = call;
  }
  const told = written.filter(({ id }) => callsOf.has(id)).length;
  return { written: written.length, told, ...found, longestMs, findings };
}
