import { Model } from './model.js';

export type SocketState =
  | 'OPENING'
  | 'PAIRING'
  | 'UNPAIRED'
  | 'UNPAIRED_IDLE'
  | 'CONNECTED'
  | 'TIMEOUT'
  | 'CONFLICT'
  | 'UNLAUNCHED'
  | 'PROXYBLOCK'
  | 'TOS_BLOCK'
  | 'SMB_TOS_BLOCK'
  | 'DEPRECATED_VERSION';

interface SocketAttributes {
  state: SocketState;
  hasSynced: boolean;
}

/** What the session does when somebody calls the model's verbs. */
export interface SocketVerbs {
  logout(): Promise<void>;
  takeover(): void;
  reconnect(): void;
}

/** `WAWebSocketModel.Socket`: the one place where the page's connection can be read. */
export class SocketModel extends Model<SocketAttributes> {
  declare state: SocketState;
  declare hasSynced: boolean;
  #verbs: SocketVerbs | null = null;

  constructor() {
    super({ state: 'OPENING', hasSynced: false });
  }

  obey(verbs: SocketVerbs): void {
    this.#verbs = verbs;
  }

  async logout(): Promise<void> {
    await this.#verbs?.logout();
  }

  takeover(): void {
    this.#verbs?.takeover();
  }

  reconnect(): void {
    this.#verbs?.reconnect();
  }
}
