import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  readonly sessions: number;
  readonly only: readonly string[];
  readonly seed: number;
  readonly list: boolean;
  readonly json: string | null;
  readonly svg: string | null;
  readonly markdown: string | null;
  /** Runs of before to show again, instead of a new one. */
  readonly from: readonly string[];
  readonly form: 'short' | 'usual' | 'long';
  readonly rate: number;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/chaos/main.js [options]
  --sessions N       numbers to keep (3)
  --only a,b         these faults alone
  --short            a few faults in a few minutes; --long: also those that take ten minutes
  --seed N           which number each fault strikes (1)
  --rate N           messages per second and number (1)
  --json FILE        what was measured
  --svg FILE         a picture of it
  --markdown FILE    its table, put between the marks of a page that has them, as docs/recovery.md
  --from A,B         plays nothing: takes what --json wrote into these files, each a part of the faults
  --keep             leave the folder with the service's logs
  --list             the faults there are`;

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sessions: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
      seed: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
      json: { type: 'string' },
      svg: { type: 'string' },
      markdown: { type: 'string' },
      from: { type: 'string', default: '' },
      short: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      rate: { type: 'string', default: '1' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    sessions: positive('--sessions', values.sessions, 99),
    only: names(values.only),
    seed: positive('--seed', values.seed, 2 ** 31),
    list: values.list,
    json: values.json ?? null,
    svg: values.svg ?? null,
    markdown: values.markdown ?? null,
    from: names(values.from),
    form: values.short ? 'short' : values.long ? 'long' : 'usual',
    rate: positive('--rate', values.rate, 50),
    keep: values.keep,
  };
}

function names(list: string): string[] {
  return list.split(',').filter((name) => name !== '');
}

function positive(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (value > 0 && value <= most) return value;
  throw new Error(`${flag} takes a number up to ${most}, not ${text}`);
}
