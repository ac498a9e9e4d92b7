#!/usr/bin/env node
// Compiles src to dist and the simulator with the demo to dist/tools. Skips what is newer than its sources,
// so that `npm test` after `npm run build` costs nothing.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
for (const project of ['tsconfig.build.json', 'tsconfig.tools.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
