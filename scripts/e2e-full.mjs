#!/usr/bin/env node
// The tests of recovery and messages once more, with full Chromium and only the flags that puppeteer sets anyway
// (`browser.profile: full`), instead of the lean headless shell. More arguments go to jest.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const SUITES = [
  'client',
  'conflict',
  'cut-short',
  'inbox',
  'july-2026',
  'life',
  'network-outage',
  'operator',
  'orchestrator-killed',
  'outbox',
  'ownership',
  'recycling',
  'rejections',
  'silent-line',
  'slow-send',
  'snapshot',
  'web-version',
];

const candidates = JSON.parse(readFileSync(new URL('../config/browser-candidates.json', import.meta.url), 'utf8'));
const browser =
  process.env.WAKEFUL_SIM_BROWSER ?? candidates[process.platform]?.chromium.find((path) => existsSync(path));
if (browser === undefined) {
  console.error('e2e-full: no full Chromium was found; install one, or set WAKEFUL_SIM_BROWSER to it');
  process.exit(1);
}
console.log(`e2e-full: ${browser}`);
const args = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--selectProjects',
  'e2e',
  // Two full Chromiums at a time on two cores are slower than the shortened time limits of some tests allow.
  '--runInBand',
  '--testPathPatterns',
  `e2e/(${SUITES.join('|')})`,
  ...process.argv.slice(2),
];
const env = { ...process.env, WAKEFUL_SIM_BROWSER: browser, WAKEFUL_TEST_PROFILE: 'full' };
spawn(process.execPath, args, { env, stdio: 'inherit' }).once('exit', (code) => process.exit(code ?? 1));
