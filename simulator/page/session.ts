import type { Credentials, PageFrame, Question, ServerFrame } from '../frame.js';
import { Connection } from './connection.js';
import { misbehave } from './misbehaviour.js';
import { Outbox } from './outbox.js';
import type { PageParts } from './page-parts.js';
import type { SocketState } from './socket-model.js';
import { createWid } from './wid.js';

const SERVER = 'wss://web.whatsapp.com/ws';
/** How long the page says OPENING before it says TIMEOUT. */
const OPENING_PATIENCE_MS = 700;
const LOGOUT_URL = 'https://web.whatsapp.com/?post_logout=1&logout_reason=0';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The life of the page: links, connects, reconnects by itself, and leaves when the phone throws it out. */
export class Session {
  readonly #parts: PageParts;
  readonly #pageId = crypto.randomUUID();
  readonly outbox: Outbox;
  #connection: Connection | null = null;
  #credentials: Credentials | null = null;
  #attempt = 0;
  /** The server has ended this page's turn: conflict, a block, or a logout. It must not come back by itself. */
  #parked = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #progress = 0;

  constructor(parts: PageParts) {
    this.#parts = parts;
    this.outbox = new Outbox(parts.vault, (frame) => this.isConnected && this.send(frame));
    parts.socket.obey({
      logout: () => this.#logoutByUser(),
      takeover: () => this.reconnect(),
      reconnect: () => this.reconnect(),
    });
  }

  get isConnected(): boolean {
    return this.#parts.socket.state === 'CONNECTED';
  }

  get progress(): number {
    return this.#progress;
  }

  async start(): Promise<void> {
    this.#credentials = await this.#parts.vault.credentials();
    this.#connect();
  }

  reconnect(): void {
    this.#parked = false;
    this.#attempt = 0;
    this.#setState('OPENING');
    this.#connect();
  }

  send(frame: PageFrame): boolean {
    return this.#connection?.send(frame) ?? false;
  }

  ask(question: Question): Promise<unknown> {
    return this.#connection?.ask(question) ?? Promise.reject(new Error('not connected'));
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#connection?.close();
    this.#connection = new Connection(SERVER, this.#parts.boot.keepAliveMs, {
      opened: () => {
        const credentials = this.#credentials;
        this.send({ kind: 'hello', pageId: this.#pageId, build: this.#parts.build, credentials });
      },
      received: (frame) => void this.#take(frame),
      lost: () => this.#lost(),
    });
  }

  #lost(): void {
    if (this.#parked) return;
    this.#attempt += 1;
    const { state } = this.#parts.socket;
    if (state === 'CONNECTED' || state === 'PAIRING') this.#setState('OPENING');
    if (this.#parts.socket.state === 'OPENING') {
      clearTimeout(this.#patience);
      this.#patience = setTimeout(() => {
        if (this.#parts.socket.state === 'OPENING') this.#setState('TIMEOUT');
      }, OPENING_PATIENCE_MS);
    }
    const base = this.#parts.boot.reconnectDelayMs;
    const delay = Math.min(base * 2 ** (this.#attempt - 1), base * 8) * (0.8 + Math.random() * 0.4);
    this.#retry = setTimeout(() => this.#connect(), delay);
  }

  #setState(state: SocketState): void {
    this.#parts.socket.set({ state });
  }

  #park(state: SocketState): void {
    this.#parked = true;
    this.#connection?.close();
    this.#setState(state);
  }

  async #take(frame: ServerFrame): Promise<void> {
    const { store, conn, cmd, socket } = this.#parts;
    switch (frame.kind) {
      case 'qr':
        // The reference first: whoever sees UNPAIRED reads it at once.
        conn.set({ ref: frame.ref });
        this.#attempt = 0;
        return this.#setState('UNPAIRED');
      case 'qr-idle':
        return this.#setState('UNPAIRED_IDLE');
      case 'paired':
        return this.#paired(frame.credentials);
      case 'welcome': {
        this.#attempt = 0;
        clearTimeout(this.#patience);
        store.me = { phone: createWid(`${frame.phoneNumber}@c.us`), lid: createWid(frame.lid) };
        store.learn(`${frame.phoneNumber}@c.us`, frame.lid);
        conn.set({ wid: store.me.phone, pushname: frame.pushname, platform: frame.platform });
        // Lets the server tell which account a page load belongs to; the session itself does not depend on it.
        // Not the CookieStore: it is not in every headless shell.
        document.cookie = `sim_account=${frame.phoneNumber}; path=/; max-age=31536000; secure`;
        this.#setState('CONNECTED');
        return this.outbox.flush();
      }
      case 'progress':
        this.#progress = frame.percent;
        return cmd.trigger('offline_progress_update_from_bridge');
      case 'sync':
        store.applySync(frame);
        await this.#resumeUnsent();
        return void socket.set({ hasSynced: true });
      case 'message':
        if (frame.contact !== null) store.upsertContact(frame.contact);
        store.chatOf(createWid(frame.chat.id), frame.chat.name);
        store.receive(frame.message, true);
        return store.updateChat(frame.chat);
      case 'ack':
        await this.outbox.settle(frame.id, 'OK');
        return this.#acknowledge(frame.id, frame.ack);
      case 'refused':
        await this.outbox.settle(frame.id, `ERROR_${frame.code}`);
        return void store.byBareId(frame.id)?.set({ ack: -1 });
      case 'edited':
        return this.#edited(frame);
      case 'revoked':
        return void store.byBareId(frame.id)?.set({ type: 'revoked', body: '' });
      case 'reaction':
        return this.#reaction(frame);
      case 'unlinked':
        return this.#leave();
      case 'conflict':
        return this.#park('CONFLICT');
      case 'terminal':
        return this.#park(frame.state as SocketState);
      case 'order':
        return misbehave(frame.order);
      case 'answer':
      case 'pong':
        return;
      default:
        frame satisfies never;
    }
  }

  async #paired(credentials: Credentials): Promise<void> {
    this.#setState('PAIRING');
    this.#credentials = credentials;
    await this.#parts.vault.keepCredentials(credentials);
    await this.#parts.vault.fill(this.#parts.boot.indexedDbBallastMb);
    this.#setState('OPENING');
    this.#connect();
  }

  async #resumeUnsent(): Promise<void> {
    if (!this.#parts.boot.resendAfterReload) return;
    for (const message of await this.outbox.inherit()) {
      this.#parts.store.receive(message, false);
      this.send({ kind: 'send', message });
    }
  }

  #acknowledge(id: string, ack: number): void {
    const message = this.#parts.store.byBareId(id);
    if (message !== undefined && message.ack < ack) message.set({ ack });
  }

  #edited(frame: Extract<ServerFrame, { kind: 'edited' }>): void {
    const message = this.#parts.store.byBareId(frame.id);
    const field = message?.attributes.caption === undefined ? 'body' : 'caption';
    message?.set({ [field]: frame.body, latestEditSenderTimestampMs: frame.atMs });
  }

  #reaction(frame: Extract<ServerFrame, { kind: 'reaction' }>): void {
    const { store, reactions } = this.#parts;
    const parent = store.byBareId(frame.parentId);
    if (parent === undefined) return;
    const author = createWid(frame.author);
    const fromMe = store.me?.phone.equals(author) ?? false;
    parent.set({ hasReaction: frame.emoji !== '' });
    reactions.bulkUpsert([
      {
        id: new store.Key({ fromMe, remote: parent.id.remote, id: frame.id }),
        reactionParentKey: parent.id,
        reactionText: frame.emoji,
        reactionTimestamp: frame.atMs,
        author,
        from: author,
        read: false,
        orphan: 0,
        ack: 1,
      },
    ]);
  }

  async #logoutByUser(): Promise<void> {
    // Offline the page logs out all the same; the phone then still shows the device.
    await Promise.race([this.ask({ about: 'logout' }).catch(() => undefined), pause(2_000)]);
    await this.#leave();
  }

  /** The state is left as it is: the real page goes away from CONNECTED, without UNPAIRED in between. */
  async #leave(): Promise<void> {
    this.#parked = true;
    this.#connection?.close();
    this.#credentials = null;
    // Not the CookieStore: it is not in every headless shell.
    document.cookie = 'sim_account=; path=/; max-age=0; secure';
    await this.#parts.vault.wipe();
    this.#parts.cmd.trigger('logout');
    setTimeout(() => location.assign(LOGOUT_URL), 50);
  }
}
