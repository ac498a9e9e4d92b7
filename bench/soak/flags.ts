import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  readonly restarts: number;
  readonly serviceRestarts: number;
  /** Of random faults; 0 for none. */
  readonly minutes: number;
  readonly sessions: number;
  readonly seed: number;
  readonly short: boolean;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/soak/main.js [options]
  --restarts N           restarts of a session within one service (200)
  --service-restarts M   restarts of the service on the same folders (50)
  --minutes N            random faults for so long, instead of the restarts (30 with --long)
  --long                 the same as --minutes 30
  --sessions N           numbers to keep meanwhile (6)
  --seed N               which fault strikes whom (1)
  --short                12 and 4 of them, as in CI
  --json FILE            what was measured
  --keep                 leave the folder with the service's logs`;

const SHORT = { restarts: 12, serviceRestarts: 4 };
const NONE = { restarts: 0, serviceRestarts: 0 };
const FULL = { restarts: 200, serviceRestarts: 50 };

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      restarts: { type: 'string' },
      'service-restarts': { type: 'string' },
      long: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      sessions: { type: 'string' },
      seed: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const minutes = number('--minutes', values.minutes ?? (values.long ? '30' : '0'), 0);
  const usual = minutes > 0 ? NONE : values.short ? SHORT : FULL;
  return {
    minutes,
    sessions: number('--sessions', values.sessions ?? '6', 1),
    seed: number('--seed', values.seed ?? '1', 0),
    restarts: whole('--restarts', values.restarts, usual.restarts),
    serviceRestarts: whole('--service-restarts', values['service-restarts'], usual.serviceRestarts),
    short: values.short,
    json: values.json ?? null,
    keep: values.keep,
  };
}

/** 0 leaves a series out; fewer than 4 have no quarters to compare. */
function whole(flag: string, text: string | undefined, usual: number): number {
  const value = text === undefined ? usual : Number(text);
  if (Number.isInteger(value) && (value === 0 || value >= 4)) return value;
  throw new Error(`${flag} takes 0 or a whole number from 4 on, not ${text}`);
}

function number(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Error(`${flag} takes a whole number from ${least} on, not ${text}`);
}
