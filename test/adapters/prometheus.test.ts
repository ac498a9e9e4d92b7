import { describe, expect, test } from '@jest/globals';
import { createPrometheus } from '../../src/adapters/prometheus.js';
import { METRICS } from '../../src/domain/metric.js';

describe('the registry of metrics', () => {
  test('knows every metric of the catalogue, and the process once it has started', async () => {
    const prometheus = createPrometheus();
    const names = async () => (await prometheus.describe()).map(({ name }) => name);
    expect(await names()).toEqual(Object.keys(METRICS));
    prometheus.start();
    prometheus.start();
    expect(await names()).toEqual(
      expect.arrayContaining(['process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds']),
    );
  });

  test('has labels of few values only', async () => {
    const prometheus = createPrometheus();
    prometheus.start();
    const labels = (await prometheus.describe()).flatMap(({ name, labels }) =>
      name.startsWith('wakeful_') ? labels : [],
    );
    expect([...new Set(labels)].sort()).toEqual([
      ...['code', 'kind', 'reason', 'rung', 'session', 'state', 'status', 'version'],
    ]);
  });

  test('is of its service alone', async () => {
    const [one, other] = [createPrometheus(), createPrometheus()];
    one.count('wakeful_attempts_total', {});
    const counted = async (prometheus: typeof one) =>
      /^wakeful_attempts_total (\d)$/m.exec(await prometheus.page(NOTHING))?.[1];
    expect([await counted(one), await counted(other)]).toEqual(['1', '0']);
  });
});

const NOTHING = {} as Parameters<ReturnType<typeof createPrometheus>['page']>[0];
