import type { PageParts } from './page-parts.js';
import type { Session } from './session.js';

/** What the modules of `window.require` are built on. */
export interface PageContext extends PageParts {
  readonly session: Session;
}
