import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  readonly restarts: number;
  readonly serviceRestarts: number;
  readonly short: boolean;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/soak/main.js [options]
  --restarts N           restarts of a session within one service (200)
  --service-restarts M   restarts of the service on the same folders (50)
  --short                12 and 4 of them, as in CI
  --json FILE            what was measured
  --keep                 leave the folder with the service's logs`;

const SHORT = { restarts: 12, serviceRestarts: 4 };
const FULL = { restarts: 200, serviceRestarts: 50 };

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      restarts: { type: 'string' },
      'service-restarts': { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const usual = values.short ? SHORT : FULL;
  return {
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
  throw new Error(`${flag} takes 0 or a whole number from 4 on, not ${text}\n\n${USAGE}`);
}
