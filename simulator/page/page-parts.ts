import type { BootSettings } from '../frame.js';
import type { ConnModel } from './conn-model.js';
import type { Emitter } from './emitter.js';
import type { SocketModel } from './socket-model.js';
import type { Store } from './store.js';
import type { Vault } from './vault.js';

/** The parts that the session is made from. */
export interface PageParts {
  readonly build: string;
  readonly boot: BootSettings;
  readonly vault: Vault;
  readonly store: Store;
  readonly socket: SocketModel;
  readonly conn: ConnModel;
  readonly cmd: Emitter;
  /** `WAWebAddonReactionTableMode.reactionTableMode`: callers replace its function, so it is always called through here. */
  readonly reactions: { bulkUpsert(rows: readonly unknown[]): void };
}
