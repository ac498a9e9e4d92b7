import type { Config } from '../../config.js';
import { ClientError, type Clock, type CreateClient, type LaunchSpec, type Logger } from '../../domain/ports.js';
import { findBrowser } from '../chromium/browser-finder.js';
import { type Launch, launchOptions } from '../chromium/launch-options.js';
import { ClientSession } from './client-session.js';

export interface WhatsAppClientDeps {
  config: Pick<Config, 'browser' | 'deadlines' | 'health' | 'messages'>;
  logger: Logger;
  clock: Clock;
}

/** Makes clients that run WhatsApp Web in a real browser, one process group each. Nothing starts before `start()`. */
export function createWhatsAppClient(deps: WhatsAppClientDeps): CreateClient {
  return (spec) => new ClientSession(spec, { ...deps, launch: (launched) => planLaunch(deps.config, launched) });
}

/** Looks anew at every launch, so that a browser that was installed meanwhile is found. */
function planLaunch(config: WhatsAppClientDeps['config'], { profileDir, proxy }: LaunchSpec): Launch {
  const browser = findBrowser(config.browser);
  if (browser === null) {
    const engine = config.browser.engine === 'auto' ? 'Chromium or Chrome' : config.browser.engine;
    throw new ClientError('browser_missing', `No ${engine} was found. Install one, or set browser.executablePath.`);
  }
  return launchOptions(config.browser, {
    browser,
    userDataDir: profileDir,
    proxy,
    isRoot: process.getuid?.() === 0,
  });
}
