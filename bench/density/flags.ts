import { parseArgs } from 'node:util';
import { CONFIGURATIONS, type Configuration, leavingOneOut } from './configurations.js';

/** What the command line asks for. */
export interface Flags {
  readonly sessions: number;
  readonly heapMb: number;
  readonly rounds: number;
  readonly configurations: readonly Configuration[];
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/density/main.js [options]
  --sessions N     sessions that run together (6)
  --heap MB        heap that each page holds besides its own (60)
  --rounds R       how often each configuration is measured, in turns; the median counts (3)
  --only A,B       these alone: ${CONFIGURATIONS.map(({ name }) => name).join(', ')}
  --leave-out E    instead: the lean flags on an engine (headless-shell, chromium), then all but one of them
  --json FILE      what was measured
  --keep           leave the folder with the service's logs`;

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sessions: { type: 'string', default: '6' },
      heap: { type: 'string', default: '60' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string' },
      'leave-out': { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    sessions: whole('--sessions', values.sessions, 2),
    heapMb: whole('--heap', values.heap, 0),
    rounds: whole('--rounds', values.rounds, 1),
    configurations: configurationsOf(values.only, values['leave-out']),
    json: values.json ?? null,
    keep: values.keep,
  };
}

function configurationsOf(only: string | undefined, leaveOut: string | undefined): readonly Configuration[] {
  if (leaveOut === 'headless-shell' || leaveOut === 'chromium') return leavingOneOut(leaveOut);
  if (leaveOut !== undefined) throw new Error(`--leave-out takes headless-shell or chromium, not ${leaveOut}`);
  return only === undefined ? CONFIGURATIONS : only.split(',').map(configuration);
}

function configuration(name: string): Configuration {
  const found = CONFIGURATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`--only does not know ${name}`);
  return found;
}

function whole(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${flag} takes a whole number from ${least} on, not ${text}`);
}
