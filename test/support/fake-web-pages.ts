import type { WebPages } from '../../src/domain/ports.js';
import type { LoadedPage } from '../../src/domain/version-guard.js';

/** Serves the page that the test puts in, and notes what was loaded. */
export class FakeWebPages implements WebPages {
  /** The kept page that everybody loads; null for what WhatsApp serves. */
  page: { version: string; html: string } | null = null;
  readonly loads: LoadedPage[] = [];
  /** HTML by version, as it came with a `ready`. */
  readonly kept = new Map<string | null, string | null>();

  pageFor(): { version: string; html: string } | null {
    return this.page;
  }

  loaded(_sessionId: string, page: LoadedPage): void {
    this.loads.push(page);
  }

  worked(_sessionId: string, { version }: LoadedPage, html: string | null): void {
    this.kept.set(version, html);
  }
}
