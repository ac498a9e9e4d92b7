import type { Machine } from '../support/machine.js';
import { tableOf } from '../support/table.js';
import type { SizeReport } from './figures.js';
import { cpuPercent, growths, heapMb, rssMb } from './verdict.js';

/** Everything a run found out; what `--json` writes. */
export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly sizes: readonly SizeReport[];
  readonly failures: readonly string[];
}

const perMinute = ({ lastedMs }: SizeReport, count: number) => String(Math.round((count / lastedMs) * 60_000));
const ms = (value: number) => value.toFixed(1);

/** What each size used, and how that grows. */
export function overheadTable(sizes: readonly SizeReport[]): string {
  const rows = sizes.map((size) => [
    String(size.sessions),
    `${cpuPercent(size).toFixed(2)} %`,
    `${((size.cpuMs / size.lastedMs / size.sessions) * 60_000).toFixed(2)} ms`,
    `${rssMb(size).toFixed(0)} MB`,
    `${heapMb(size).toFixed(0)} MB`,
    ms(size.delayMs.p50),
    ms(size.delayMs.p99),
    ms(size.delayMs.max),
    ms(size.idleDelayP99Ms),
    perMinute(size, size.probes),
    perMinute(size, size.received),
    perMinute(size, size.sent),
    `${(size.connectedMs / 1000).toFixed(1)} s`,
  ]);
  const titles = ['sessions', 'CPU', 'each, a minute', 'RSS', 'heap', 'delay p50', 'p99', 'max ms', 'idle p99'];
  const table = tableOf([...titles, 'probes/min', 'received/min', 'sent/min', 'all connected'], rows);
  const lines = growths(sizes).map(({ figure, perSession, ratio }) => {
    const steps = perSession.map((cost, index) => {
      return `${sizes[index]?.sessions} to ${sizes[index + 1]?.sessions}: ${cost.toFixed(4)}`;
    });
    return `${figure}, for one more session: ${steps.join(', ')}; ratio ${ratio.toFixed(2)} (1.00 is a straight line)`;
  });
  return [table, ...(sizes.length < 3 ? [] : lines)].join('\n');
}
