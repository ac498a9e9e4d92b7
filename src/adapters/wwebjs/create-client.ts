import type { Config } from '../../config.js';
import {
  ClientError,
  type Clock,
  type CreateClient,
  type LaunchSpec,
  type Logger,
  type WebPages,
} from '../../domain/ports.js';
import { type FoundBrowser, findBrowser } from '../chromium/browser-finder.js';
import { launchOptions } from '../chromium/launch-options.js';
import type { ClientLaunch } from './client-deps.js';
import { ClientSession } from './client-session.js';
import { type Confinement, createConfine } from './confinement.js';

export interface WhatsAppClientDeps {
  config: Pick<Config, 'authDir' | 'browser' | 'deadlines' | 'health' | 'messages'>;
  logger: Logger;
  clock: Clock;
  pages: WebPages;
}

/** Makes clients that run WhatsApp Web in a real browser, one process group each. Nothing starts before `start()`. */
export function createWhatsAppClient(deps: WhatsAppClientDeps): CreateClient {
  const { config, clock, logger } = deps;
  const isRoot = process.getuid?.() === 0;
  const confine = createConfine({ settings: config.browser, authDir: config.authDir, isRoot, clock });
  let told = false;

  /** Looks anew at every launch, so that a browser that was installed meanwhile is found. */
  async function launch({ profileDir, proxy, engine }: LaunchSpec): Promise<ClientLaunch> {
    const { browser, hasOther } = chooseBrowser(config.browser, engine);
    const confinement = await confine(browser);
    if (!told) tell(confinement);
    return { ...launchOptions(config.browser, { browser, userDataDir: profileDir, proxy, confinement }), hasOther };
  }

  function tell({ why, user }: Confinement): void {
    told = true;
    if (why !== null) {
      logger.warn('client.sandbox_off', `Chromium runs without its sandbox: ${why} (docs/browser.md)`, { why });
    }
    if (user !== null) {
      logger.info('client.browser_user', `Browsers run as user ${user.name}, with their sandbox`, { uid: user.uid });
    }
  }

  return (spec) => new ClientSession(spec, { ...deps, launch });
}

/** `hasOther`: full Chromium is there as well, and nobody has asked for the headless shell. */
function chooseBrowser(settings: Config['browser'], engine: LaunchSpec['engine']) {
  const usual = requireBrowser(settings);
  const isFree = settings.engine === 'auto' && settings.executablePath === null && usual.engine === 'headless-shell';
  const other = isFree ? findBrowser({ ...settings, engine: 'chromium' }) : null;
  return { browser: engine === 'chromium' ? (other ?? usual) : usual, hasOther: other !== null };
}

function requireBrowser(settings: Config['browser']): FoundBrowser {
  const browser = findBrowser(settings);
  if (browser !== null) return browser;
  const engine = settings.engine === 'auto' ? 'Chromium or Chrome' : settings.engine;
  throw new ClientError('browser_missing', `No ${engine} was found. Install one, or set browser.executablePath.`);
}
