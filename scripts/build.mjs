#!/usr/bin/env node
// Compiles src to dist, the simulator with the demo to dist/tools, and the web page to dist/dashboard.
// `--clean` removes dist first: a package must not hold what an earlier build left there.
import { spawn } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { buildDashboard } from './build-dashboard.mjs';

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const compile = (project) =>
  new Promise((resolve) => {
    const compiler = join(typescript, 'bin', 'tsc');
    spawn(process.execPath, [compiler, '-p', project], { stdio: 'inherit' }).once('exit', (code) => resolve(code ?? 1));
  });

if (process.argv.includes('--clean')) rmSync('dist', { recursive: true, force: true });
const page = buildDashboard();
for (const project of ['tsconfig.build.json', 'tsconfig.tools.json']) {
  const code = await compile(project);
  if (code !== 0) process.exit(code);
}
// The compiler keeps the first line that names Node, but makes an ordinary file.
chmodSync(new URL('../dist/cli.js', import.meta.url), 0o755);
await page;
