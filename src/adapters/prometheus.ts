import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import { type GaugeName, METRICS, type Meters } from '../domain/metric.js';

/** One metric at `/metrics`, as the documentation shows it. */
export interface MetricDescription {
  name: string;
  kind: string;
  labels: readonly string[];
  help: string;
}

export interface Prometheus extends Meters {
  /** Also tells of the process itself from now on: memory, event loop, garbage collection. Idempotent. */
  start(): void;
  describe(): Promise<MetricDescription[]>;
}

/**
 * Between two looks at the lag of the event loop, and the least that its figures can be. At the library's 10 ms the looks
 * would be a third of all that wakes a service with a thousand sessions.
 */
const LAG_EVERY_MS = 50;

/** Figures in a registry of its own, so that two services in one process do not mix theirs. */
export function createPrometheus(): Prometheus {
  const registry = new Registry();
  const registers = [registry];
  const gauges = new Map<string, Gauge>();
  const counters = new Map<string, Counter>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { kind, help, labels, ...rest }] of Object.entries(METRICS)) {
    const common = { name, help, labelNames: labels, registers };
    if (kind === 'gauge') gauges.set(name, new Gauge(common));
    else if (kind === 'counter') counters.set(name, new Counter(common));
    else
      histograms.set(name, new Histogram({ ...common, ...('buckets' in rest ? { buckets: [...rest.buckets] } : {}) }));
  }
  let started = false;

  return {
    start() {
      if (!started) collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_EVERY_MS });
      started = true;
    },
    count(name, labels) {
      counters.get(name)?.inc(labels);
    },
    observe(name, seconds) {
      histograms.get(name)?.observe(seconds);
    },
    page(now) {
      for (const [name, samples] of Object.entries(now)) {
        const gauge = gauges.get(name);
        // A session that is gone must not stand there with its last figure.
        gauge?.reset();
        for (const { labels, value } of samples) gauge?.set(labels, value);
        // Without labels a reset means 0, and what cannot be told is not 0.
        const hasLabels = METRICS[name as GaugeName].labels.length > 0;
        if (samples.length === 0 && !hasLabels) gauge?.remove();
      }
      return registry.metrics();
    },
    async describe() {
      return (await registry.getMetricsAsJSON()).map(({ name, help, type }) => ({
        name,
        help,
        kind: String(type),
        labels: labelsOf(registry.getSingleMetric(name)),
      }));
    },
  };
}

/** The library's types do not tell of what its objects have. */
function labelsOf(metric: Metric | undefined): readonly string[] {
  const { labelNames = [] } = { ...metric } as { labelNames?: readonly string[] };
  return labelNames;
}
