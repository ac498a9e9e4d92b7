#!/usr/bin/env node
// Compiles src to dist, and the simulator with the demo to dist/tools.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
for (const project of ['tsconfig.build.json', 'tsconfig.tools.json']) {
  const { status } = spawnSync(process.execPath, [join(typescript, 'bin', 'tsc'), '-p', project], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
// The compiler keeps the first line that names Node, but makes an ordinary file.
chmodSync(new URL('../dist/cli.js', import.meta.url), 0o755);
