interface MetricSpec {
  kind: 'gauge' | 'counter' | 'histogram';
  /** Few values each: ids of sessions and words of ours, never a number of a person or an address. */
  labels: readonly string[];
  help: string;
  /** Upper bounds of a histogram, in seconds. */
  buckets?: readonly number[];
}

/** Every figure of ours at `/metrics`: the catalogue for dashboards and alerts. Seconds and bytes, as Prometheus wants them. */
export const METRICS = {
  wakeful_info: { kind: 'gauge', labels: ['version'], help: '1, with the version of Wakeful' },
  wakeful_ready: { kind: 'gauge', labels: [], help: '1 when sessions are restored and commands are taken' },
  wakeful_sessions: { kind: 'gauge', labels: ['status', 'reason'], help: 'Sessions by status and reason' },
  wakeful_session_up: { kind: 'gauge', labels: ['session'], help: '1 while the session is connected' },
  wakeful_session_wanted: { kind: 'gauge', labels: ['session'], help: '1 when the session should be connected' },
  wakeful_session_needs_person: {
    kind: 'gauge',
    labels: ['session'],
    help: '1 when a person must do something: scan, reconnect, unlink …',
  },
  wakeful_session_breaker_open: {
    kind: 'gauge',
    labels: ['session'],
    help: '1 while the circuit breaker lets no attempt pass',
  },
  wakeful_session_idle_seconds: {
    kind: 'gauge',
    labels: ['session'],
    help: 'Time since something was last sent or received; absent before the first',
  },
  wakeful_browser_memory_bytes: {
    kind: 'gauge',
    labels: ['session'],
    help: 'Memory of the browser with all its processes; absent while none runs',
  },
  wakeful_losses_total: { kind: 'counter', labels: ['reason'], help: 'Connected sessions that were lost, by reason' },
  wakeful_attempts_total: { kind: 'counter', labels: [], help: 'Reconnect attempts' },
  wakeful_recoveries_total: {
    kind: 'counter',
    labels: ['rung', 'reason'],
    help: 'Lost sessions that came back, by the rung that healed them and what they were lost for',
  },
  wakeful_time_to_recover_seconds: {
    kind: 'histogram',
    labels: [],
    help: 'From the loss of a session until it was connected again',
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600],
  },
  wakeful_probe_seconds: {
    kind: 'histogram',
    labels: [],
    help: 'Round trip of a probe of a page, also of one that went unanswered',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  wakeful_login_failures_mean: {
    kind: 'gauge',
    labels: [],
    help: 'Mean number of consecutive auth failures and logouts of a session',
  },
  wakeful_login_failures_at_threshold: {
    kind: 'gauge',
    labels: [],
    help: 'Sessions with two or more of them: close to losing their login',
  },
  wakeful_login_failures_last_day: {
    kind: 'gauge',
    labels: [],
    help: 'Sessions whose last such failure is less than 24 hours old',
  },
  wakeful_messages_received_total: { kind: 'counter', labels: [], help: 'Messages that came in' },
  wakeful_messages_sent_total: { kind: 'counter', labels: [], help: "Messages that WhatsApp's server took" },
  wakeful_messages_failed_total: {
    kind: 'counter',
    labels: ['code'],
    help: 'Messages that could not be sent, by code',
  },
  wakeful_outbox_messages: { kind: 'gauge', labels: ['state'], help: 'Messages that wait or are being sent' },
  wakeful_outbox_oldest_seconds: { kind: 'gauge', labels: ['state'], help: 'Age of the oldest of these; 0 when none' },
  wakeful_webhook_deliveries: { kind: 'gauge', labels: ['state'], help: 'Deliveries that wait, and dead letters' },
  wakeful_webhook_oldest_seconds: { kind: 'gauge', labels: ['state'], help: 'Age of the oldest of these; 0 when none' },
  wakeful_incidents_open: { kind: 'gauge', labels: ['kind'], help: 'Open incidents: what many sessions suffer from' },
  wakeful_memory_available_bytes: {
    kind: 'gauge',
    labels: [],
    help: 'Memory that new browsers may take; absent when it cannot be told',
  },
} as const satisfies Record<string, MetricSpec>;

export type MetricName = keyof typeof METRICS;
type OfKind<K> = { [N in MetricName]: (typeof METRICS)[N]['kind'] extends K ? N : never }[MetricName];
export type GaugeName = OfKind<'gauge'>;
export type CounterName = OfKind<'counter'>;
export type HistogramName = OfKind<'histogram'>;
export type Labels<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['labels'][number], string>>;

/** One line of a gauge. */
export interface Sample<N extends MetricName> {
  labels: Labels<N>;
  value: number;
}

/** Every gauge as it is at one moment. */
export type Gauges = { [N in GaugeName]: readonly Sample<N>[] };

/** Keeps figures and writes them as Prometheus reads them. */
export interface Meters {
  count<N extends CounterName>(name: N, labels: Labels<N>): void;
  observe(name: HistogramName, seconds: number): void;
  /** All figures, with these gauges in place of the last ones. */
  page(gauges: Gauges): Promise<string>;
}
