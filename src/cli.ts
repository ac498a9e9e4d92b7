#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { runCommandLine } from './cli/program.js';
import type { ProgramName, World } from './cli/world.js';

const world: World = {
  env: process.env,
  cwd: process.cwd(),
  version: packageVersion(),
  out: (words) => void process.stdout.write(words),
  err: (words) => void process.stderr.write(words),
  columns: process.stdout.isTTY ? process.stdout.columns : null,
  readInput: () => text(process.stdin),
  now: Date.now,
  pause: (delayMs, signal) => wait(delayMs, undefined, { signal }).catch(() => undefined),
  interrupted() {
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    return stop.signal;
  },
  async startService() {
    // A service goes on when nobody reads its console any more.
    process.stdout.off('error', leave);
    await import('./main.js');
    // The service ends the process itself.
    await new Promise(() => {});
  },
  machine: async () => (await import('./cli/machine.js')).createMachine(),
  runProgram,
};

/** In a process of its own, as npm's scripts do: it ends with an exit code that only it knows. */
function runProgram(name: ProgramName, args: readonly string[]): Promise<number> {
  const file = name === 'demo' ? './tools/demo/main.js' : '../scripts/ensure-browser.mjs';
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], { stdio: 'inherit' });
  // Ctrl-C reaches it by itself, from the terminal; the others are for this process alone.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function packageVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(manifest)).version;
}

// Whoever reads may have seen enough: `wakeful sessions | head -1`.
const leave = () => process.exit(0);
process.stdout.on('error', leave);
process.exitCode = await runCommandLine(process.argv.slice(2), world);
// Connections that are kept for another call must not keep the process; what was written is written first.
process.stdout.write('', () => process.stderr.write('', () => process.exit()));
