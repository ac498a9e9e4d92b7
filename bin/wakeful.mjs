#!/usr/bin/env node
// Committed, so that npm always finds the command: a link to what is not built yet would be missing for good.
import { existsSync } from 'node:fs';

const program = new URL('../dist/cli.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('wakeful: it is not built yet. Run "npm run build" in its folder first.\n');
  process.exitCode = 1;
}
