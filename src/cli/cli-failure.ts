/** What the command line ends with. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** What each exit code means, for help and documentation. */
export const EXIT_MEANINGS: Readonly<Record<number, string>> = {
  [EXIT.ok]: 'It is done.',
  [EXIT.refused]: 'The service refused it, what was asked for failed, or doctor found a problem.',
  [EXIT.usage]: 'The command was written wrongly; nothing was done.',
  [EXIT.unreachable]: 'No Wakeful answers at the address.',
};

/** An expected end of a command other than success. The message is one sentence for a person. */
export class CliFailure extends Error {
  readonly exitCode: number;
  /** The problem document of the service, when it sent one. */
  readonly problem: unknown;
  constructor(exitCode: number, message: string, options: { problem?: unknown; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'CliFailure';
    this.exitCode = exitCode;
    this.problem = options.problem ?? null;
  }
}
