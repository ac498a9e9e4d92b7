import type { PageMessage, PageWid } from './page-window.js';

/*
 * Both functions run in the page and travel there as text: each must stand alone.
 */

/**
 * Gives `MsgKey` its `_serialized` back. Builds since 2.3000.1042401057 (July 2026) keep the text in a property whose
 * name the minifier chooses anew, so that we ask `toString()` and name nothing. whatsapp-web.js 1.34.7 reads
 * `_serialized` everywhere (Utils.js 585, 987): without it a send resolves to undefined and getChats throws.
 *
 * On the prototype it works for keys that exist already, too. Builds that still have the property are left alone.
 * False when WhatsApp's modules are not there yet.
 */
export function repairMessageKeys(): boolean {
  const isKeyText = (value: unknown): value is string => typeof value === 'string' && /^(true|false)_/.test(value);

  let found: unknown;
  try {
    if (window.Debug?.VERSION === undefined) return false;
    found = window.require('WAWebMsgKey');
  } catch {
    return false;
  }
  if (typeof found === 'object' && found !== null && 'default' in found) found = found.default;
  if (typeof found !== 'function') return false;
  const prototype: unknown = found.prototype;
  if (typeof prototype !== 'object' || prototype === null || '_serialized' in prototype) return true;

  try {
    const fromString: unknown = Reflect.get(found, 'fromString');
    const sample: unknown = typeof fromString === 'function' ? fromString.call(found, 'true_0@c.us_0') : null;
    if (typeof sample === 'object' && sample !== null && '_serialized' in sample) return true;
  } catch {
    // No sample to be had: the accessor below does no harm to a build that assigns the property itself.
  }

  let reading = false;
  Object.defineProperty(prototype, '_serialized', {
    configurable: true,
    enumerable: false,
    get(this: object): string | undefined {
      // An old build's toString() reads _serialized, which would lead here again.
      if (reading) return undefined;
      reading = true;
      try {
        const text = String(this);
        return isKeyText(text) ? text : Object.values(this).find(isKeyText);
      } catch {
        return undefined;
      } finally {
        reading = false;
      }
    },
    // Without it, an old build's `this._serialized = …` in its constructor would throw.
    set(this: object, value: unknown): void {
      Object.defineProperty(this, '_serialized', { value, writable: true, enumerable: true, configurable: true });
    },
  });
  return true;
}

/**
 * Makes the message models that leave the page complete. An accessor on the prototype is lost on the way to Node
 * (Utils.js 831 copies own properties only), so `_serialized` becomes an own property of the model's id. And what only
 * the page can tell at once goes along: the sender's phone number and LID, and the id of the quoted message.
 * To be called between LoadUtils and attachEventListeners.
 */
export function completeMessageModels(): void {
  const library = window.WWebJS;
  if (library === undefined) return;
  const original = library.getMessageModel;

  const ask = (question: () => PageWid | undefined): string | null => {
    try {
      return question()?._serialized ?? null;
    } catch {
      return null;
    }
  };
  /** A wid may name one device of a person, whom the maps of the page would not find by it. */
  const personOf = (wid: PageWid): PageWid => {
    const id = wid._serialized.replace(/:\d+@/, '@');
    return id === wid._serialized ? wid : window.require('WAWebWidFactory').createWid(id);
  };
  const phoneOf = (wid: PageWid): string | null => {
    if (wid.server !== 'lid') return wid._serialized;
    const me = window.require('WAWebUserPrefsMeUser');
    if (ask(() => me.getMaybeMeLidUser?.()) === wid._serialized) return ask(() => me.getMaybeMePnUser?.());
    return (
      ask(() => window.require('WAWebLidMigrationUtils').toPn?.(wid)) ??
      ask(() => window.require('WAWebApiContact').getPhoneNumber?.(wid))
    );
  };
  /** Both names of who wrote, out of all that the message says: one of them leads to the other. */
  const namesOf = (wids: (PageWid | undefined)[]) => {
    const people = wids.flatMap((wid) => (wid?.server === 'lid' || wid?.server === 'c.us' ? [personOf(wid)] : []));
    const phone = people.find(({ server }) => server === 'c.us');
    const lid = people.find(({ server }) => server === 'lid');
    return {
      phone: phone?._serialized ?? (lid === undefined ? null : phoneOf(lid)),
      lid:
        lid?._serialized ??
        (phone === undefined ? null : ask(() => window.require('WAWebApiContact').getCurrentLid?.(phone))),
    };
  };
  const quotedIdOf = (message: PageMessage): string | null => {
    if (typeof message.quotedStanzaID !== 'string') return null;
    try {
      const quoted = window.require('WAWebQuotedMsgModelUtils').getQuotedMsgObj?.(message);
      return quoted === undefined || quoted === null ? message.quotedStanzaID : String(quoted.id);
    } catch {
      return message.quotedStanzaID;
    }
  };

  library.getMessageModel = (message) => {
    const model = original(message);
    const id = model.id;
    if (typeof id === 'object' && id !== null && !Object.hasOwn(id, '_serialized')) {
      model.id = { ...id, _serialized: String(message.id) };
    }
    const { phone, lid } = namesOf([message.author, message.id.participant, message.from]);
    const { to, protocolMessageKey } = message;
    model.wakeful = {
      senderPhone: phone,
      senderLid: lid,
      toPhone: to?._serialized === undefined ? null : phoneOf(personOf(to)),
      quotedId: quotedIdOf(message),
      revokedId: protocolMessageKey === undefined || protocolMessageKey === null ? null : String(protocolMessageKey),
    };
    return model;
  };
}

/** Runs in a new document before WhatsApp's scripts: repairs as soon as the class exists, and gives up after a minute. */
function repairSoon(repair: () => boolean): void {
  const startedAt = Date.now();
  const timer = setInterval(() => {
    if (repair() || Date.now() - startedAt > 60_000) clearInterval(timer);
  }, 20);
}

/** Script for `evaluateOnNewDocument`. */
export const REPAIR_ON_NEW_DOCUMENT = `if (window === window.top) (${repairSoon})(${repairMessageKeys});`;
