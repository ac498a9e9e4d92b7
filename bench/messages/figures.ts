/** How long something took, milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

/** One way of sending, measured. */
export interface WayFigures {
  /** From the call until WhatsApp has the message. */
  readonly arrival: Spread;
  /** From the call until the sender knows that WhatsApp has it. */
  readonly acknowledged: Spread;
  /** From the call until it returned: `sendMessage` of the plain script, the answer to `Prefer: wait` of the API. */
  readonly returned: Spread;
  readonly perSecond: number;
}

/** A message with the time at which WhatsApp got it. */
export interface Measured {
  readonly startedAt: number;
  readonly arrivedAt: number;
  readonly acknowledgedAt: number;
  readonly returnedAt: number;
}

/** The value that this share of all values does not exceed; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function spreadOf(values: readonly number[]): Spread {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}

/** `tookMs` is how long all of them took together. */
export function figuresOf(messages: readonly Measured[], tookMs: number): WayFigures {
  const from = (until: (message: Measured) => number) =>
    spreadOf(messages.map((message) => until(message) - message.startedAt));
  return {
    arrival: from(({ arrivedAt }) => arrivedAt),
    acknowledged: from(({ acknowledgedAt }) => acknowledgedAt),
    returned: from(({ returnedAt }) => returnedAt),
    perSecond: (messages.length * 1000) / tookMs,
  };
}

const SHARE = 1.2;
const SLACK_MS = 5;

/** What the API may take where the plain script took `bareMs`. */
export function allowedMs(bareMs: number): number {
  return SHARE * bareMs + SLACK_MS;
}
