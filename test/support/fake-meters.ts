import { createPrometheus } from '../../src/adapters/prometheus.js';

/** One figure out of a page of metrics, such as `wakeful_session_up{session="a"}`; null when it is not there. */
export function figure(page: string, name: string): number | null {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return line === undefined ? null : Number(line.slice(name.length + 1));
}

/** Names of the metrics that a registry knows, also as a histogram spells them. */
export async function knownMetrics(): Promise<Set<string>> {
  const prometheus = createPrometheus();
  prometheus.start();
  const known = await prometheus.describe();
  return new Set(
    known.flatMap(({ name, kind }) =>
      kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}
