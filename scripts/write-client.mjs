#!/usr/bin/env node
// Writes client/openapi.json and the types made of it. `--check` writes nothing, says what is stale and ends with 1.
// Needs a build: it asks the compiled code for the document.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { clientTypes } from './client-types.mjs';

const root = new URL('../', import.meta.url);
const { createRoutes } = await import(new URL('dist/api/app.js', root));
const { createOpenApi } = await import(new URL('dist/api/openapi.js', root));
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** Routes are only asked what they take and give; nothing behind them is called. */
const routes = createRoutes({ version, clock: { now: () => 0 }, config: { messages: { maxMediaMb: 1 } } });
const document = createOpenApi(routes, version);

function formatted(path, source) {
  const args = ['biome', 'format', `--stdin-file-path=${path}`];
  const { status, stdout, stderr } = spawnSync('npx', args, { cwd: root, input: source, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path} could not be formatted: ${stderr}`);
  return stdout;
}

const files = {
  'client/openapi.json': JSON.stringify(document),
  'client/paths.d.ts': clientTypes(document),
};
const checking = process.argv.includes('--check');
const stale = [];
mkdirSync(new URL('client/', root), { recursive: true });
for (const [path, source] of Object.entries(files)) {
  const file = new URL(path, root);
  const text = formatted(path, source);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  stale.push(path);
  if (!checking) writeFileSync(file, text);
}
if (stale.length === 0) console.log('client: everything is up to date');
else console.log(`client: ${checking ? 'stale, run "npm run build && npm run docs"' : 'written'}: ${stale.join(', ')}`);
if (checking && stale.length > 0) process.exit(1);
