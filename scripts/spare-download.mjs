// Runs before the install scripts of every package. That of puppeteer would download two browsers (300 MB), and fails the
// whole installation where only a package registry is reachable; `npx wakeful browser` finds or installs one instead.
// puppeteer looks for its settings in the folders above its own, so they are laid beside it. They count there only.
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const SETTINGS = '.puppeteerrc.cjs';
const folder = join(process.cwd(), '..');
const project = join(folder, '..', 'package.json');

/** A project that has chosen puppeteer itself may count on its download. */
function hasPuppeteerOfItsOwn() {
  if (!existsSync(project)) return false;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(project, 'utf8'));
  return ['puppeteer', 'whatsapp-web.js'].some((name) => name in { ...dependencies, ...devDependencies });
}

try {
  // Installed globally, puppeteer lies below this package and finds the settings here.
  if (basename(folder) === 'node_modules' && !process.env.npm_config_global && !hasPuppeteerOfItsOwn()) {
    copyFileSync(SETTINGS, join(folder, SETTINGS));
  }
} catch (error) {
  console.error(`wakeful: the download of puppeteer could not be spared: ${error.message}`);
}
