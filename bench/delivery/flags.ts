import { parseArgs } from 'node:util';

const EXPERIMENTS = ['kills', 'webhooks'] as const;
type Experiment = (typeof EXPERIMENTS)[number];

/** What the command line asks for. */
export interface Flags {
  readonly experiments: readonly Experiment[];
  readonly kills: number;
  readonly messages: number;
  readonly sessions: number;
  readonly seed: number;
  readonly short: boolean;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/delivery/main.js [kills] [webhooks] [options]
  kills, webhooks    these alone; both when none is named
  --kills N          SIGKILLs of the service while messages are sent (100)
  --messages N       messages that customers write while numbers go off (1000)
  --sessions N       numbers to keep (3)
  --seed N           when the kills strike, who goes off, and what the receiver fails (1)
  --short            8 kills, 60 messages and 2 numbers, as in CI
  --json FILE        what was counted
  --keep             leave the folders with the service's logs`;

const SHORT = { kills: 8, messages: 60, sessions: 2 };
const FULL = { kills: 100, messages: 1000, sessions: 3 };

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      kills: { type: 'string' },
      messages: { type: 'string' },
      sessions: { type: 'string' },
      seed: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const usual = values.short ? SHORT : FULL;
  return {
    experiments: positionals.length === 0 ? EXPERIMENTS : positionals.map(experiment),
    kills: whole('--kills', values.kills, usual.kills, 10_000),
    messages: whole('--messages', values.messages, usual.messages, 100_000),
    sessions: whole('--sessions', values.sessions, usual.sessions, 20),
    seed: whole('--seed', values.seed, 1, 2 ** 31),
    short: values.short,
    json: values.json ?? null,
    keep: values.keep,
  };
}

function experiment(name: string): Experiment {
  const known = EXPERIMENTS.find((one) => one === name);
  if (known !== undefined) return known;
  throw new Error(`there is no experiment ${name}; there are ${EXPERIMENTS.join(' and ')}`);
}

function whole(flag: string, text: string | undefined, usual: number, most: number): number {
  const value = text === undefined ? usual : Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${flag} takes a whole number up to ${most}, not ${text}`);
}
