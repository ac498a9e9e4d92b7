import type { PageFrame, Question, WireMessage } from '../frame.js';
import type { SimulatorSettings } from '../settings.js';
import type { Account, AccountView } from './account.js';
import { AccountBook } from './account-book.js';
import type { FaultBoard } from './fault-board.js';
import { MediaStore } from './media-store.js';
import type { PageConnection } from './page-connection.js';
import { PairingDesk } from './pairing-desk.js';
import { RateMeter } from './rate-meter.js';

/** Frames that only a signed-in page may send. */
type AccountFrame = Exclude<PageFrame, { kind: 'hello' | 'ping' | 'refresh-qr' | 'ask' }>;

/** A message on its way to an account, and who sent it: by number, and by the wid that it is shown under. */
interface Arrival {
  readonly phoneNumber: string;
  readonly wid: string;
  readonly name: string;
  readonly chatName: string;
  readonly message: WireMessage;
}

/** The other side of every page: what WhatsApp's servers do. */
export class WhatsApp {
  readonly accounts = new AccountBook();
  readonly media = new MediaStore();
  readonly desk: PairingDesk;
  readonly pages = new Set<PageConnection>();
  readonly #settings: () => SimulatorSettings;
  readonly #faults: FaultBoard;
  readonly #rates = new RateMeter();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  /** Called when something worth keeping has changed. */
  readonly #dirty: () => void;

  constructor(settings: () => SimulatorSettings, faults: FaultBoard, dirty: () => void) {
    this.#settings = settings;
    this.#faults = faults;
    this.#dirty = dirty;
    this.desk = new PairingDesk(settings);
  }

  /** Nothing happens by itself any more. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Forgets everybody. */
  reset(): void {
    this.stop();
    this.accounts.clear();
    this.#rates.clear();
    for (const page of this.pages) page.cut();
  }

  closed(page: PageConnection): void {
    this.pages.delete(page);
    this.desk.withdraw(page);
  }

  pagesOf(phoneNumber: string): readonly PageConnection[] {
    return [...this.pages].filter((page) => page.account?.phoneNumber === phoneNumber);
  }

  view(account: Account): AccountView {
    const pages = this.pagesOf(account.phoneNumber);
    const { phoneNumber, lid, pushname, linkedAt, lastConnectedAt, sockets, conflicts, unlinks, chatStates } = account;
    return {
      phoneNumber,
      lid,
      pushname,
      linked: account.device !== null,
      connections: pages.length,
      synced: pages.some((page) => page.synced),
      linkedAt,
      lastConnectedAt,
      pageLoads: account.pages.size,
      sockets,
      conflicts,
      unlinks,
      chatStates,
    };
  }

  frame(page: PageConnection, frame: PageFrame): void {
    switch (frame.kind) {
      case 'hello':
        this.#hello(page, frame);
        break;
      case 'ping':
        page.send({ kind: 'pong' });
        break;
      case 'refresh-qr':
        if (page.account === null) this.desk.offer(page);
        break;
      case 'ask':
        page.send({ kind: 'answer', n: frame.n, value: this.#answer(page, frame.question) });
        break;
      default:
        if (page.account !== null) this.#accountFrame(page, page.account, frame);
    }
  }

  #accountFrame(page: PageConnection, account: Account, frame: AccountFrame): void {
    switch (frame.kind) {
      case 'send':
        this.#send(page, account, frame.message);
        break;
      case 'seen':
        account.markRead(frame.chat);
        this.#dirty();
        break;
      case 'chat-state':
        account.chatStates.push({ chat: frame.chat, state: frame.state, at: Date.now() });
        break;
      case 'edit':
        account.amend(frame.id, { body: frame.body });
        page.send({ kind: 'edited', id: frame.id, body: frame.body, atMs: Date.now() });
        break;
      case 'revoke':
        account.amend(frame.id, { type: 'revoked', body: '' });
        page.send({ kind: 'revoked', id: frame.id });
        break;
      case 'react': {
        const id = `R${Date.now().toString(16).toUpperCase()}`;
        const { emoji } = frame;
        page.send({ kind: 'reaction', id, parentId: frame.id, emoji, author: account.wid, atMs: Date.now() });
        break;
      }
      default:
        frame satisfies never;
    }
  }

  #hello(page: PageConnection, frame: Extract<PageFrame, { kind: 'hello' }>): void {
    const phoneNumber = frame.credentials?.phoneNumber ?? null;
    page.pageId = frame.pageId;
    page.claimedNumber = phoneNumber;
    const account = phoneNumber === null ? undefined : this.accounts.find(phoneNumber);
    const isRefused = (['network-down', 'drop'] as const).some((kind) => this.#faults.find(kind, phoneNumber));
    const blocked = this.#faults.find('terminal', phoneNumber);
    if (isRefused) page.cut();
    // A stalled page hears nothing, and nothing will come later: only a new load or socket gets another chance.
    else if (this.#faults.find('stalled-socket', phoneNumber) !== undefined) return;
    else if (blocked !== undefined) page.send({ kind: 'terminal', state: blocked.state });
    else if (this.#settings().deprecatedBuilds.includes(frame.build)) {
      page.send({ kind: 'terminal', state: 'DEPRECATED_VERSION' });
    } else if (frame.credentials === null) this.desk.offer(page);
    else if (account === undefined || !account.accepts(frame.credentials)) page.send({ kind: 'unlinked' });
    else this.#signIn(page, account);
  }

  #signIn(page: PageConnection, account: Account): void {
    // One device has one stream: whoever comes last has it.
    for (const other of this.pagesOf(account.phoneNumber)) {
      if (other === page) continue;
      if (other.pageId !== page.pageId) {
        account.conflicts += 1;
        other.send({ kind: 'conflict' });
      }
      this.pages.delete(other);
      other.close();
    }
    page.account = account;
    page.settle();
    account.lastConnectedAt = Date.now();
    account.sockets += 1;
    account.pages.add(page.pageId);
    const { phoneNumber, lid, pushname } = account;
    page.send({ kind: 'welcome', phoneNumber, lid, pushname, platform: 'android' });
    page.send({ kind: 'progress', percent: 10 });
    this.#later(this.#settings().syncDelayMs, () => this.#sync(page, account));
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }

  #sync(page: PageConnection, account: Account): void {
    if (page.account !== account || this.#faults.find('stalled-ready', account.phoneNumber) !== undefined) return;
    const { historyPerChat } = this.#settings();
    const messages = account.chats.flatMap((chat) => [...account.history(chat.id, historyPerChat)]);
    page.send({ kind: 'progress', percent: 100 });
    const contacts = this.#settings().hidesLids ? [] : account.contacts;
    page.send({ kind: 'sync', chats: account.chats, contacts, messages });
    page.synced = true;
  }

  #answer(page: PageConnection, question: Question): unknown {
    switch (question.about) {
      case 'exists':
        return this.#exists(question.wid);
      case 'earlier':
        return page.account?.history(question.chat, 50, question.before) ?? [];
      case 'pairing-code':
        return this.desk.offerCode(page, question.phoneNumber.replace(/\D/g, ''));
      case 'logout':
        page.account?.unlink();
        this.#dirty();
        return true;
      default:
        return question satisfies never;
    }
  }

  #exists(wid: string): { wid: string; lid: string; phoneNumber: string } | null {
    if (wid.endsWith('@lid') && this.#settings().hidesLids) return null;
    const number = this.accounts.phoneOf(wid);
    if (number === undefined || !/^\d{7,15}$/.test(number)) return null;
    if (this.#settings().unregisteredNumbers.includes(number)) return null;
    const lid = wid.endsWith('@lid') ? this.accounts.lidFor(number, wid) : this.accounts.lidFor(number);
    return { wid, lid, phoneNumber: `${number}@c.us` };
  }

  #send(page: PageConnection, account: Account, message: WireMessage): void {
    const now = Date.now();
    const { ackDelaysMs, rateLimit } = this.#settings();
    const limited = this.#faults.find('rate-limit', account.phoneNumber) !== undefined;
    if (limited || !this.#rates.take(account.phoneNumber, rateLimit, now)) {
      page.send({ kind: 'refused', id: message.id, code: 429 });
      return;
    }
    const to = this.accounts.phoneOf(message.chat) ?? message.chat;
    const isNew = account.recordSent(message, to, now);
    if (isNew) account.store({ ...message, ack: 0 }, `+${to}`);
    this.#dirty();
    const stages = [ackDelaysMs.server, ackDelaysMs.delivered, ackDelaysMs.read];
    for (const [index, delayMs] of stages.entries()) {
      if (delayMs !== null) this.#later(delayMs, () => this.#ack(account, message.id, index + 1));
    }
    if (isNew) this.#passOn(account, to, message);
  }

  #ack(account: Account, id: string, ack: number): void {
    const known = account.message(id);
    if (known === undefined) return;
    if (known.ack < ack) account.amend(id, { ack });
    // A repeated receipt is answered again, or the page would go on repeating it.
    for (const page of this.pagesOf(account.phoneNumber)) {
      page.send({ kind: 'ack', id, ack: Math.max(ack, known.ack) });
    }
    this.#dirty();
  }

  /** Two accounts of this simulator can write to each other. */
  #passOn(sender: Account, to: string, message: WireMessage): void {
    const receiver = this.accounts.find(to);
    if (receiver === undefined || receiver === sender) return;
    const { phoneNumber, pushname, wid } = sender;
    const passed = { ...message, chat: wid, fromMe: false, ack: 1 };
    this.receive(receiver, { phoneNumber, wid, name: pushname, chatName: pushname, message: passed });
  }

  /** Puts a message into an account's chat, and tells its page when it is there. */
  receive(account: Account, arrival: Arrival): void {
    const { phoneNumber, wid, name, chatName, message } = arrival;
    if (account.message(message.id) !== undefined) return;
    const lid = this.accounts.lidFor(phoneNumber, wid.endsWith('@lid') ? wid : undefined);
    const known = { id: wid, name, phoneNumber: `${phoneNumber}@c.us`, lid };
    account.know(known);
    const contact = this.#settings().hidesLids ? null : known;
    const chat = account.store(message, chatName);
    for (const page of this.pagesOf(account.phoneNumber)) {
      if (page.synced) page.send({ kind: 'message', message, contact, chat });
    }
    this.#dirty();
  }
}
