#!/usr/bin/env node
// Finds a browser that really starts, or installs one. Ends with one line that says which, or what to do (exit code 1).
// `--check` only looks. Needs nothing but Node and what `npm ci` brings, since it runs before the build.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const START_LIMIT_MS = 20_000;
const APT_LIMIT_MS = 300_000;
const DOWNLOAD_LIMIT_MS = 60_000;
const ENGINES = ['headless-shell', 'chromium'];

const candidatesFile = new URL('../config/browser-candidates.json', import.meta.url);
const candidatesByEngine = JSON.parse(readFileSync(candidatesFile, 'utf8'))[process.platform] ?? {};
const puppeteerCache = process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer');
const configured = process.env.CHROME_PATH || process.env.PUPPETEER_EXECUTABLE_PATH;
const isRoot = process.getuid?.() === 0;

function namesIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Paths that a pattern with `*` stands for, highest version first; the same rule as in the service's browser finder. */
function expand(pattern) {
  return pattern
    .split('/')
    .reduce(
      (parents, part) => {
        if (!part.includes('*')) return parents.map((parent) => `${parent}${part}/`);
        const [before, after] = part.split('*');
        return parents.flatMap((parent) =>
          namesIn(parent)
            .filter((name) => name.startsWith(before) && name.endsWith(after))
            .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
            .map((name) => `${parent}${name}/`),
        );
      },
      [''],
    )
    .map((path) => path.slice(0, -1));
}

function isExecutableFile(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function places() {
  if (configured) return [configured];
  return ENGINES.flatMap((engine) => candidatesByEngine[engine] ?? [])
    .flatMap((pattern) => expand(pattern.replace('{puppeteerCache}', puppeteerCache)))
    .filter(isExecutableFile);
}

/** A file may be there and yet not start: shared libraries missing, or Ubuntu's stub that wants snap. */
function tryToStart(path) {
  const args = ['--headless', '--no-sandbox', '--version'];
  const run = spawnSync(path, args, { encoding: 'utf8', timeout: START_LIMIT_MS });
  const version = run.stdout?.trim().split('\n').at(-1);
  if (run.status === 0 && version) return { path, version };
  const why = run.error?.message ?? run.stderr?.trim().split('\n')[0];
  return { path, problem: why || `ended with ${run.signal ?? run.status}` };
}

function look() {
  const tried = [];
  for (const path of places()) {
    const result = tryToStart(path);
    if (result.version) return { found: result, tried };
    tried.push(result);
  }
  return { found: null, tried };
}

/** Runs a command quietly; true when it succeeded, else the line that says why goes to our error stream. */
function run(what, command, args, limitMs, env = {}) {
  const options = { encoding: 'utf8', timeout: limitMs, env: { ...process.env, ...env } };
  const { status, stderr, error } = spawnSync(command, args, options);
  if (status === 0) return true;
  const lines = stderr?.trim().split('\n') ?? [];
  const why = error?.message ?? lines.find((line) => /error|^E:/i.test(line)) ?? lines.at(-1);
  console.error(`browser: ${what} failed: ${why || `status ${status}`}`);
  return false;
}

function installFromDebian() {
  if (process.platform !== 'linux' || !isRoot || !existsSync('/usr/bin/apt-get')) return null;
  console.error('browser: none found, installing one with apt-get …');
  const apt = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get update', 'apt-get', ['update', '-q'], APT_LIMIT_MS, apt);
  // The sandbox helper comes along for services that do not run as root.
  for (const packages of [
    ['chromium-headless-shell', 'chromium-sandbox'],
    ['chromium', 'chromium-sandbox'],
    ['chromium'],
  ]) {
    const args = ['install', '-y', '-q', '--no-install-recommends', ...packages];
    if (run(`apt-get install ${packages[0]}`, 'apt-get', args, APT_LIMIT_MS, apt) && look().found)
      return `installed ${packages[0]} with apt-get`;
  }
  return null;
}

function installFromPuppeteer() {
  console.error('browser: none found, trying the download of puppeteer …');
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('puppeteer/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const cli = join(dirname(manifest), typeof bin === 'string' ? bin : bin.puppeteer);
  const args = [cli, 'browsers', 'install', 'chrome-headless-shell'];
  return run('the download', process.execPath, args, DOWNLOAD_LIMIT_MS)
    ? "installed puppeteer's chrome-headless-shell"
    : null;
}

function fail(sentence) {
  console.error(`browser: ${sentence}`);
  process.exit(1);
}

const { found, tried } = look();
if (found) {
  console.log(`browser: found ${found.path} (${found.version})`);
} else if (configured) {
  fail(
    `${configured} (CHROME_PATH) does not start: ${tried[0].problem}. Mend the path, or unset it to look elsewhere.`,
  );
} else if (process.argv.includes('--check')) {
  const broken = tried.map(({ path, problem }) => ` ${path} does not start: ${problem}.`).join('');
  fail(
    `none found.${broken} Run "npx wakeful browser" (or "npm run browser" in Wakeful's own folder), or install Chromium or Chrome and set CHROME_PATH.`,
  );
} else {
  const how = installFromDebian() ?? installFromPuppeteer();
  const after = look();
  if (!after.found) {
    const broken = after.tried.map(({ path, problem }) => ` ${path} does not start: ${problem}.`).join('');
    fail(
      `none found and none could be installed.${broken} Install Chromium or Chrome` +
        ' (Debian: apt-get install chromium-headless-shell; Ubuntu: https://www.google.com/chrome), then set CHROME_PATH to it.',
    );
  }
  console.log(`browser: ${how ?? 'found'} ${after.found.path} (${after.found.version})`);
}
