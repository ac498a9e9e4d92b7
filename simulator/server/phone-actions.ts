import { randomBytes } from 'node:crypto';
import type { WireMessage } from '../frame.js';
import type { PageConnection } from './page-connection.js';
import type { IncomingMessage, OwnMessage } from './phone.js';
import type { WhatsApp } from './whatsapp.js';

/** Something that was asked of a phone and cannot be done; `code` is for programs. */
export class PhoneError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'PhoneError';
    this.code = code;
  }
}

/** The phones: the one that owns the account, and everybody else's. */
export class PhoneActions {
  readonly #whatsapp: WhatsApp;
  readonly #dirty: () => void;

  constructor(whatsapp: WhatsApp, dirty: () => void) {
    this.#whatsapp = whatsapp;
    this.#dirty = dirty;
  }

  scanQr(qr: string, phoneNumber: string): void {
    const page = this.#whatsapp.desk.pageOfQr(qr);
    if (page === undefined) throw new PhoneError('qr-expired', 'no page shows this QR code now; scan the newest one');
    this.#link(page, phoneNumber);
  }

  enterPairingCode(code: string, phoneNumber: string): void {
    const page = this.#whatsapp.desk.pageOfCode(code, phoneNumber);
    if (page === undefined) throw new PhoneError('code-unknown', `no page shows this pairing code for ${phoneNumber}`);
    this.#link(page, phoneNumber);
  }

  unlink(phoneNumber: string): void {
    const account = this.#whatsapp.accounts.find(phoneNumber);
    if (account === undefined || account.device === null) {
      throw new PhoneError('not-linked', `${phoneNumber} has no linked device`);
    }
    account.unlink();
    for (const page of this.#whatsapp.pagesOf(phoneNumber)) page.send({ kind: 'unlinked' });
    this.#dirty();
  }

  deliver(to: string, message: IncomingMessage): { id: string } {
    const { accounts } = this.#whatsapp;
    const { lid } = message;
    const sender =
      lid === undefined || lid === false
        ? `${message.from}@c.us`
        : accounts.lidFor(message.from, lid === true ? undefined : lid);
    const id = message.id ?? newId();
    const name = message.fromName ?? accounts.find(to)?.contactOf(sender)?.name ?? `+${message.from}`;
    const wire: WireMessage = {
      id,
      fromMe: false,
      chat: message.group === undefined ? sender : `${message.group.id}@g.us`,
      ...this.#author(sender, message),
      type:
        message.type ?? (message.location ? 'location' : message.media ? mediaType(message.media.mimetype) : 'chat'),
      body: message.media === undefined ? message.body : '',
      t: Math.floor((Date.now() - (message.sentAgoMs ?? 0)) / 1000),
      ack: 1,
      attributes: { notifyName: name, ...this.#attributes(to, message) },
    };
    this.#whatsapp.receive(accounts.open(to), {
      phoneNumber: message.from,
      wid: sender,
      name,
      chatName: message.group?.name ?? name,
      message: wire,
    });
    return { id };
  }

  /** The owner writes on the phone. */
  write(from: string, { to, body }: OwnMessage): { id: string } {
    const account = this.#whatsapp.accounts.open(from);
    const id = newId();
    const chat = `${to}@c.us`;
    const t = Math.floor(Date.now() / 1000);
    const message: WireMessage = { id, fromMe: true, chat, type: 'chat', body, t, ack: 1, attributes: {} };
    this.#whatsapp.receive(account, { phoneNumber: to, wid: chat, name: `+${to}`, chatName: `+${to}`, message });
    return { id };
  }

  react(to: string, from: string, messageId: string, emoji: string): void {
    const id = `R${randomBytes(8).toString('hex').toUpperCase()}`;
    this.#live(to, messageId);
    for (const page of this.#whatsapp.pagesOf(to)) {
      page.send({ kind: 'reaction', id, parentId: messageId, emoji, author: `${from}@c.us`, atMs: Date.now() });
    }
  }

  edit(to: string, messageId: string, body: string): void {
    this.#live(to, messageId);
    this.#whatsapp.accounts.open(to).amend(messageId, { body });
    for (const page of this.#whatsapp.pagesOf(to)) {
      page.send({ kind: 'edited', id: messageId, body, atMs: Date.now() });
    }
    this.#dirty();
  }

  revoke(to: string, messageId: string): void {
    this.#live(to, messageId);
    this.#whatsapp.accounts.open(to).amend(messageId, { type: 'revoked', body: '' });
    for (const page of this.#whatsapp.pagesOf(to)) page.send({ kind: 'revoked', id: messageId });
    this.#dirty();
  }

  /** A group names who wrote, and a chat with a lid may; both by one device of the person when that is asked for. */
  #author(sender: string, { group, participant, from, device }: IncomingMessage): { author?: string } {
    const named = participant === true ? `${from}@c.us` : sender;
    if (group === undefined && participant !== true && device === undefined) return {};
    return { author: device === undefined ? named : named.replace('@', `:${device}@`) };
  }

  #live(phoneNumber: string, messageId: string): void {
    if (this.#whatsapp.accounts.find(phoneNumber)?.message(messageId) === undefined) {
      throw new PhoneError('message-unknown', `${phoneNumber} has no message ${messageId}`);
    }
  }

  #link(page: PageConnection, phoneNumber: string): void {
    const { accounts, desk } = this.#whatsapp;
    const account = accounts.open(phoneNumber);
    // One linked device per number here: a new one takes the old one's place, and the old one is told.
    for (const old of this.#whatsapp.pagesOf(phoneNumber)) old.send({ kind: 'unlinked' });
    desk.withdraw(page);
    page.send({ kind: 'paired', credentials: account.link(Date.now()) });
    this.#dirty();
  }

  #attributes(to: string, message: IncomingMessage): Record<string, unknown> {
    const quoted =
      message.quotedId === undefined ? undefined : this.#whatsapp.accounts.find(to)?.message(message.quotedId);
    return {
      ...(quoted === undefined
        ? {}
        : { quotedStanzaID: quoted.id, quotedMsg: { type: quoted.type, body: quoted.body } }),
      ...(message.location === undefined
        ? {}
        : {
            lat: message.location.latitude,
            lng: message.location.longitude,
            loc: message.location.description ?? '',
          }),
      ...this.#media(message),
    };
  }

  #media({ media, body }: IncomingMessage): Record<string, unknown> {
    if (media === undefined) return {};
    const data = Buffer.from(media.data, 'base64');
    const filehash = this.#whatsapp.media.add(data);
    return {
      caption: body,
      mimetype: media.mimetype,
      ...(media.filename === undefined ? {} : { filename: media.filename }),
      size: data.length,
      filehash,
      encFilehash: filehash,
      mediaKey: filehash,
      directPath: `/media/${filehash}`,
    };
  }
}

function newId(): string {
  return `3A${randomBytes(9).toString('hex').toUpperCase()}`;
}

function mediaType(mimetype: string): string {
  const family = mimetype.split('/')[0] ?? '';
  return ['image', 'video', 'audio'].includes(family) ? family : 'document';
}
