import { createWid, type Wid } from './wid.js';

/** How callers make a key: whatsapp-web.js gives `to` and `selfDir`, the page itself `remote` and `fromMe`. */
export type MsgKeyParts =
  | { readonly from: Wid; readonly to: Wid; readonly id: string; readonly participant?: Wid; readonly selfDir: string }
  | { readonly fromMe: boolean; readonly remote: Wid; readonly id: string; readonly participant?: Wid };

export interface MsgKey {
  readonly fromMe: boolean;
  readonly remote: Wid;
  readonly id: string;
  readonly participant?: Wid;
  toString(): string;
}

export interface MsgKeyClass {
  new (parts: MsgKeyParts): MsgKey;
  newId(): Promise<string>;
  fromString(text: unknown): MsgKey;
  from(text: unknown): MsgKey;
}

function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The first build whose minifier took the name `_serialized` away from MsgKey. */
const FIRST_MINIFIED_BUILD = 1_042_401_057;

export function hidesSerialized(build: string): boolean {
  return Number(build.split('.')[2] ?? 0) >= FIRST_MINIFIED_BUILD;
}

/**
 * The MsgKey class of a build. The property is set by assignment in the constructor, as in the real page: a compatibility
 * layer that puts an accessor on the prototype must work here exactly when it works there.
 */
export function createMsgKeyClass(build: string): MsgKeyClass {
  const property = hidesSerialized(build) ? '$1' : '_serialized';

  class Key implements MsgKey {
    declare readonly fromMe: boolean;
    declare readonly remote: Wid;
    declare readonly id: string;
    declare readonly participant?: Wid;

    constructor(parts: MsgKeyParts) {
      this.fromMe = 'selfDir' in parts ? parts.selfDir === 'out' : parts.fromMe;
      this.remote = 'selfDir' in parts ? parts.to : parts.remote;
      this.id = parts.id;
      if (parts.participant !== undefined) this.participant = parts.participant;
      const tail = this.participant === undefined ? '' : `_${this.participant.toString()}`;
      Reflect.set(this, property, `${this.fromMe}_${this.remote.toString()}_${this.id}${tail}`);
    }

    toString(): string {
      return String(Reflect.get(this, property));
    }

    equals(other: unknown): boolean {
      return other instanceof Key && other.toString() === this.toString();
    }

    clone(): Key {
      return Key.fromString(this.toString());
    }

    static async newId(): Promise<string> {
      return `3EB0${randomHex(9).toUpperCase()}`;
    }

    static fromString(text: unknown): Key {
      const [fromMe, remote, id, participant] = typeof text === 'string' ? text.split('_') : [];
      if (remote === undefined || id === undefined) throw new Error(`MsgKey error: fromString(${String(text)})`);
      return new Key({
        fromMe: fromMe === 'true',
        remote: createWid(remote),
        id,
        ...(participant === undefined ? {} : { participant: createWid(participant) }),
      });
    }

    static from(text: unknown): Key {
      return text instanceof Key ? text : Key.fromString(text);
    }
  }
  return Key;
}
