/** A WhatsApp id: `user@server`. */
export class Wid {
  declare readonly user: string;
  declare readonly server: string;
  declare readonly _serialized: string;

  /** @param keepsDevice leaves the device in the text, as ids of devices have it. */
  constructor(text: string, keepsDevice = false) {
    const match = /^([^@\s]+)@([a-z.]+)$/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error(`wid error: invalid wid ${text}`);
    this.server = match[2] === 's.whatsapp.net' ? 'c.us' : match[2];
    // "4915:12@c.us" names one device of the user.
    this.user = match[1].split(':')[0] ?? match[1];
    this._serialized = `${keepsDevice ? match[1] : this.user}@${this.server}`;
  }

  isLid(): boolean {
    return this.server === 'lid';
  }
  isUser(): boolean {
    return this.server === 'c.us' || this.server === 'lid';
  }
  isGroup(): boolean {
    return this.server === 'g.us';
  }
  isStatus(): boolean {
    return this._serialized === 'status@broadcast';
  }
  isBroadcast(): boolean {
    return this.server === 'broadcast';
  }
  isNewsletter(): boolean {
    return this.server === 'newsletter';
  }
  isBot(): boolean {
    return false;
  }
  equals(other: unknown): boolean {
    return other instanceof Wid && other._serialized === this._serialized;
  }
  toJid(): string {
    return this._serialized.replace('@c.us', '@s.whatsapp.net');
  }
  toString(): string {
    return this._serialized;
  }
}

/** Takes text, a Wid, or what a Wid becomes after a trip through JSON. */
export function createWid(value: unknown): Wid {
  if (value instanceof Wid) return value;
  if (typeof value === 'string') return new Wid(value);
  if (typeof value === 'object' && value !== null && '_serialized' in value) return new Wid(String(value._serialized));
  throw new Error('wid error: invalid wid');
}

/** Who wrote, perhaps by one device: `4915…:12@c.us`. */
export function createSenderWid(text: string): Wid {
  return new Wid(text, true);
}

export function asUserWidOrThrow(value: unknown): Wid {
  const wid = createWid(value);
  if (!wid.isUser()) throw new Error(`${wid.toString()} is not a user wid`);
  return wid;
}
