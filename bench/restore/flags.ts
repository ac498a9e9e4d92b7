import { parseArgs } from 'node:util';

/** How many browsers may start at the same time; `copied`: all of them, in the way that other programs start browsers. */
export type Concurrency = number | 'auto' | 'copied';

/** What the command line asks for. */
export interface Flags {
  readonly sessions: number;
  readonly concurrencies: readonly Concurrency[];
  readonly heapMb: number;
  readonly bootCpuMs: number;
  readonly rounds: number;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/restore/main.js [options]
  --sessions N     numbers to bring back (12)
  --at-once A,B,…  how many start at the same time; besides \`auto\`, all and \`copied\` (1,2,3,4,6)
  --heap MB        heap that each page holds besides its own (60)
  --boot-cpu MS    work that each page does while it loads (1500)
  --rounds R       how often each is measured, in turns; the median counts (3)
  --json FILE      what was measured
  --keep           leave the folder with the service's logs`;

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sessions: { type: 'string', default: '12' },
      'at-once': { type: 'string', default: '1,2,3,4,6' },
      heap: { type: 'string', default: '60' },
      'boot-cpu': { type: 'string', default: '1500' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const sessions = whole('--sessions', values.sessions, 2);
  const fixed = values['at-once'].split(',').map((text) => whole('--at-once', text, 1));
  return {
    sessions,
    concurrencies: ['auto', ...fixed.filter((count) => count < sessions), sessions, 'copied'],
    heapMb: whole('--heap', values.heap, 0),
    bootCpuMs: whole('--boot-cpu', values['boot-cpu'], 0),
    rounds: whole('--rounds', values.rounds, 1),
    json: values.json ?? null,
    keep: values.keep,
  };
}

function whole(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${flag} takes whole numbers from ${least} on, not ${text}`);
}
