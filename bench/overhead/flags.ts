import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  /** Rising. */
  readonly sizes: readonly number[];
  readonly seconds: number;
  readonly short: boolean;
  readonly cpuProfileDir: string | null;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/overhead/main.js [options]
  --sizes A,B,…     numbers of sessions, rising (100,300,1000)
  --seconds N       how long each is measured (180)
  --short           100 sessions for 6 s with looser goals, as in CI
  --cpu-prof DIR    writes a CPU profile of the service for each size
  --json FILE       what was measured
  --keep            leave the folders with the service's logs`;

const SHORT = { sizes: '100', seconds: '6' };
const FULL = { sizes: '100,300,1000', seconds: '180' };
/** What `fleet.maxSessions` allows. */
const MOST = 1000;

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string' },
      seconds: { type: 'string' },
      short: { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const usual = values.short ? SHORT : FULL;
  const sizes = (values.sizes ?? usual.sizes).split(',').map((text) => whole('--sizes', text, MOST));
  if (sizes.some((size, index) => size <= (sizes[index - 1] ?? 0))) {
    throw new Error(`--sizes takes rising numbers, not ${values.sizes}`);
  }
  return {
    sizes,
    seconds: whole('--seconds', values.seconds ?? usual.seconds, 86_400),
    short: values.short,
    cpuProfileDir: values['cpu-prof'] ?? null,
    json: values.json ?? null,
    keep: values.keep,
  };
}

function whole(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${flag} takes whole numbers up to ${most}, not ${text}`);
}
