import { availableParallelism, totalmem } from 'node:os';

/** What a run was measured on. */
export interface Machine {
  readonly cores: number;
  readonly memoryMb: number;
  readonly node: string;
}

export function thisMachine(): Machine {
  return { cores: availableParallelism(), memoryMb: Math.round(totalmem() / 2 ** 20), node: process.version };
}
