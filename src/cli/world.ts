import type { Machine } from './machine.js';

/** What the command line touches of the world outside. */
export interface World {
  env: NodeJS.ProcessEnv;
  /** The folder that relative paths count from. */
  cwd: string;
  version: string;
  /** Writes results. */
  out(text: string): void;
  /** Writes what went wrong, and hints. */
  err(text: string): void;
  /** Width of the terminal; null when a file or a program reads what is written. */
  columns: number | null;
  /** Everything on standard input. */
  readInput(): Promise<string>;
  now(): number;
  /** Resolves early when the signal aborts. */
  pause(delayMs: number, signal: AbortSignal): Promise<void>;
  /** Aborts when the person has seen enough: Ctrl-C. */
  interrupted(): AbortSignal;
  /** Runs the service in this process; rejects when it cannot be loaded. */
  startService(): Promise<void>;
  /** Loaded only when it is needed: it knows how to start browsers. */
  machine(): Promise<Machine>;
  /** Runs a program that comes with Wakeful; resolves with its exit code. */
  runProgram(name: ProgramName, args: readonly string[]): Promise<number>;
}

/** The demo, and what finds or installs a browser. */
export type ProgramName = 'demo' | 'browser';
