import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** In every wrapper we write, so that a wrapper is never taken for the browser that it starts. */
const MARK = '# wakeful simulator browser';

/** The headless shell and Debian's ELF binary first: /usr/bin/chromium is a shell script that stays between us and it. */
const USUAL_PLACES = [
  '/usr/lib/chromium/chromium-headless-shell',
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function isBrowser(path: string | undefined): path is string {
  if (path === undefined || path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return !readFileSync(path).subarray(0, 200).includes(MARK);
  } catch {
    return false;
  }
}

/** The browser that the wrapper starts. Throws, with what to do, when there is none. */
export function findRealBrowser(environment: NodeJS.ProcessEnv): string {
  const { WAKEFUL_SIM_BROWSER, CHROME_PATH, PUPPETEER_EXECUTABLE_PATH } = environment;
  const found = [WAKEFUL_SIM_BROWSER, CHROME_PATH, PUPPETEER_EXECUTABLE_PATH, ...USUAL_PLACES].find(isBrowser);
  if (found === undefined) throw new Error('no Chromium or Chrome was found; set WAKEFUL_SIM_BROWSER to its path');
  return found;
}

/** Arguments with which web.whatsapp.com is the simulator for a browser, and nothing else exists. */
export function simulatorArgs(pagePort: number): string[] {
  return [
    `--host-resolver-rules=MAP web.whatsapp.com 127.0.0.1:${pagePort}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
    // A page that whatsapp-web.js serves from its version cache counts as one from the internet, and Chromium keeps such
    // pages off loopback: the override says that the simulator's port is on the internet as well.
    `--ip-address-space-overrides=127.0.0.1:${pagePort}=public`,
    '--ignore-certificate-errors',
  ];
}

/** Writes the script that is a browser which knows the simulator alone. */
export function writeBrowserWrapper(folder: string, realBrowser: string, pagePort: number): string {
  const path = join(folder, 'browser');
  const words = [realBrowser, ...simulatorArgs(pagePort)].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  // exec, so that the process id its caller has is the browser's own.
  const script = `#!/bin/sh
${MARK}
exec ${words.join(' ')} "$@"
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
