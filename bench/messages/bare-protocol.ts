import type { Block, Sent } from './lanes.js';

/** How to start the browser of the plain script. */
export interface BareLaunch {
  readonly executablePath: string;
  /** All of its flags, puppeteer's own included. */
  readonly args: readonly string[];
}

/** What the plain script is told, over IPC. */
export type BareOrder =
  | { readonly do: 'start'; readonly launch: BareLaunch }
  | { readonly do: 'send'; readonly block: Block }
  | { readonly do: 'stop' };

/** What it tells. */
export type BareNews =
  | { readonly tells: 'qr'; readonly qr: string }
  | { readonly tells: 'ready' }
  | { readonly tells: 'sent'; readonly sent: readonly Sent[] }
  | { readonly tells: 'failed'; readonly words: string };
