import type { Config } from '../../config.js';
import {
  ClientError,
  type Clock,
  type CreateClient,
  type LaunchSpec,
  type Logger,
  type WebPages,
} from '../../domain/ports.js';
import { findBrowser } from '../chromium/browser-finder.js';
import { type Launch, launchOptions } from '../chromium/launch-options.js';
import { ClientSession } from './client-session.js';

export interface WhatsAppClientDeps {
  config: Pick<Config, 'browser' | 'deadlines' | 'health' | 'messages'>;
  logger: Logger;
  clock: Clock;
  pages: WebPages;
}

/** Makes clients that run WhatsApp Web in a real browser, one process group each. Nothing starts before `start()`. */
export function createWhatsAppClient(deps: WhatsAppClientDeps): CreateClient {
  let toldOfSandbox = false;
  const launch = (spec: LaunchSpec): Launch => {
    const planned = planLaunch(deps.config, spec);
    if (!planned.sandbox && !toldOfSandbox) {
      toldOfSandbox = true;
      deps.logger.warn('client.sandbox_off', `${SANDBOX_OFF[deps.config.browser.sandbox]} (docs/security.md)`);
    }
    return planned;
  };
  return (spec) => new ClientSession(spec, { ...deps, launch });
}

const SANDBOX_OFF = {
  auto: 'Chromium runs without its sandbox, since it cannot have one as root; start the service as another user',
  off: 'Chromium runs without its sandbox, as browser.sandbox says',
  on: 'Chromium runs without its sandbox',
} as const;

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
