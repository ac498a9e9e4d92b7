/** A run as a terminal starts it. */
interface Command<F> {
  usage: string;
  /** Throws with a sentence for what it does not understand. */
  readFlags: (args: readonly string[]) => F;
  /** Gives the exit code. */
  main: (flags: F) => Promise<number>;
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a command line asks for, or what is said instead and the exit code: 0 for `--help`, 2 for what nobody understands. */
export function askedBy<F>(
  args: readonly string[],
  { usage, readFlags }: Pick<Command<F>, 'usage' | 'readFlags'>,
): { flags: F } | { words: string; code: 0 | 2 } {
  if (args.includes('--help') || args.includes('-h')) return { words: usage, code: 0 };
  try {
    return { flags: readFlags(args) };
  } catch (error) {
    return { words: `${wordsOf(error)}\n\n${usage}`, code: 2 };
  }
}

/** Plays a run and ends the process with the code that `main` gives, or 1 when the run could not be finished. */
export async function play<F>(command: Command<F>): Promise<never> {
  const asked = askedBy(process.argv.slice(2), command);
  if ('code' in asked) {
    (asked.code === 0 ? process.stdout : process.stderr).write(`${asked.words}\n`);
    process.exit(asked.code);
  }
  const code = await command.main(asked.flags).catch((error: unknown) => {
    process.stderr.write(`${wordsOf(error)}\n`);
    return 1;
  });
  process.exit(code);
}
