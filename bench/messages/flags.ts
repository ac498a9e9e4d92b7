import { parseArgs } from 'node:util';

/** What the command line asks for. */
export interface Flags {
  /** Messages each way and form that count. */
  readonly messages: number;
  readonly json: string | null;
  readonly keep: boolean;
}

export const USAGE = `node dist/tools/bench/messages/main.js [options]
  --messages N   messages of each kind that count (400)
  --short        60 of them
  --json FILE    what was measured
  --keep         leave the folder with the service's logs`;

const SHORT = 60;
const FULL = 400;

/** Reads the command line; throws with a sentence for what it does not understand. */
export function readFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      messages: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const messages = values.messages === undefined ? (values.short ? SHORT : FULL) : Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1) {
    throw new Error(`--messages takes a whole number from 1 on, not ${values.messages}`);
  }
  return { messages, json: values.json ?? null, keep: values.keep };
}
