import type { Config } from '../../config.js';
import type { Clock, LaunchSpec, Logger, WebPages } from '../../domain/ports.js';
import type { Launch } from '../chromium/launch-options.js';

/** How one browser is started; `hasOther`: another build could be taken instead. */
export type ClientLaunch = Launch & { hasOther: boolean };

/** What a client needs of the world. */
export interface ClientDeps {
  config: Pick<Config, 'browser' | 'deadlines' | 'health' | 'messages'>;
  logger: Logger;
  clock: Clock;
  pages: WebPages;
  /** Decides how the browser of a launch is started; rejects with ClientError when there is none. */
  launch: (spec: LaunchSpec) => Promise<ClientLaunch>;
}
