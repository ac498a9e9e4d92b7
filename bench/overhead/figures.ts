/** What the runner asks of the process that it measures. */
export type Order =
  /** `cpuProfile`: a file to write one to, null for none. */
  | { readonly type: 'begin'; readonly cpuProfile: string | null }
  /** From now on the delay of the event loop counts, and no processor time: that measure takes half a per cent itself. */
  | { readonly type: 'watchDelay' }
  | { readonly type: 'end' }
  /** Somebody writes to this session. */
  | { readonly type: 'write'; readonly sessionId: string; readonly customer: string };

/** What the process used between `begin` and `watchDelay`, and how late it was between that and `end`. */
export interface Figures {
  readonly lastedMs: number;
  /** Of all its threads together. */
  readonly cpuMs: number;
  /** The most that was seen until the end, looked at every second. */
  readonly rssBytes: number;
  /** In use after a collection of garbage at the end. */
  readonly heapBytes: number;
  /** Of the event loop, the 10 ms between two looks included. */
  readonly delayMs: { readonly p50: number; readonly p99: number; readonly max: number };
}

/** One number of sessions, measured. */
export interface SizeReport extends Figures {
  readonly sessions: number;
  /** p99 of the event loop of the runner, which does next to nothing meanwhile: what the machine takes from everybody. */
  readonly idleDelayP99Ms: number;
  /** From the start of the process until all were connected. */
  readonly connectedMs: number;
  /** What the service did meanwhile, by its own count. */
  readonly probes: number;
  readonly received: number;
  readonly sent: number;
  /** All messages, those before and after the measurement included: what was asked of the service, and what it did. */
  readonly whole: {
    readonly written: number;
    readonly received: number;
    readonly accepted: number;
    readonly sent: number;
  };
}
