import type { Fault } from './fault.js';
import type { MessageCount } from './message-count.js';

/** What was measured of one fault; times in milliseconds from the injection, null where there is none. */
export interface Row {
  readonly fault: string;
  readonly words: string;
  readonly expected: string;
  /** Settings that were shortened for it. */
  readonly settings: string | null;
  readonly victim: string;
  /** How long the fault itself lasted. */
  readonly lastedMs: number | null;
  /** The first entry of the victim's timeline. */
  readonly foundMs: number | null;
  /** Connected, and a message sent after the injection had arrived; with several victims the last of them. */
  readonly healedMs: number | null;
  /** From the injection to the arrival of a message that was sent right after it. */
  readonly arrivedMs: number | null;
  readonly rung: string | null;
  readonly reason: string | null;
  /** Numbers beside the victims whose timeline moved. */
  readonly disturbed: readonly string[];
  readonly qrNeeded: boolean;
  readonly messages: MessageCount;
  /** Processes that should be gone, in words. */
  readonly orphans: readonly string[];
  /** Entries in the service's TMPDIR beyond those that were there before. */
  readonly tmpLeft: number;
  /** How it broke its expectation; empty when it held. */
  readonly broken: readonly string[];
}

/** The expectation in a word or two. */
export function expectationWords({ expectation }: Pick<Fault, 'expectation'>): string {
  return expectation.kind === 'parked' ? `parked: ${expectation.reason}` : expectation.kind;
}

/** Judges a row that is measured; `ended` says whether the session came to where the fault expects it. */
export function breachesOf(fault: Fault, row: Omit<Row, 'broken'>, ended: boolean): string[] {
  const { messages, expected } = row;
  const kind = fault.expectation.kind;
  const breaches: string[] = [];
  if (!ended) breaches.push(`did not end as expected (${expected})`);
  breaches.push(...brokenPromises(fault, row));
  if (row.qrNeeded && kind !== 'qr') breaches.push('asked for a QR code');
  if (row.disturbed.length > 0) breaches.push(`disturbed ${row.disturbed.join(', ')}`);
  if (messages.lost > 0) breaches.push(`${messages.lost} messages lost`);
  if (messages.twice > 0) breaches.push(`${messages.twice} messages twice`);
  if (messages.refused > 0) breaches.push(`${messages.refused} messages refused`);
  if (messages.uncertain > 0) breaches.push(`${messages.uncertain} messages uncertain`);
  if (row.orphans.length > 0) breaches.push(`${row.orphans.length} processes left`);
  if (row.tmpLeft > 0) breaches.push(`${row.tmpLeft} entries left in TMPDIR`);
  return breaches;
}

function brokenPromises({ promise }: Fault, { foundMs, healedMs }: Pick<Row, 'foundMs' | 'healedMs'>): string[] {
  if (promise === undefined) return [];
  const late = (what: string, ms: number | null, limitMs = Number.POSITIVE_INFINITY) =>
    ms !== null && ms > limitMs ? [`${what} after ${Math.round(ms)} ms, at most ${limitMs} are promised`] : [];
  return [...late('found', foundMs, promise.foundMs), ...late('healed', healedMs, promise.healedMs)];
}
