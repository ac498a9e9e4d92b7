#!/usr/bin/env node
// Compiles src to dist, and the simulator with the demo to dist/tools.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
for (const project of ['tsconfig.build.json', 'tsconfig.tools.json']) {
  const { status } = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
