import type { WireMessage } from '../frame.js';
import type { MessageAttributes } from './message-model.js';
import type { MsgKeyClass } from './msg-key.js';
import { createSenderWid, createWid, Wid } from './wid.js';

/** The attributes that travel; everything else is this page's own business. */
const TRAVELLING = [
  'caption',
  'mimetype',
  'filename',
  'size',
  'filehash',
  'encFilehash',
  'uploadhash',
  'mediaKey',
  'mediaKeyTimestamp',
  'directPath',
  'clientUrl',
  'deprecatedMms3Url',
  'isGif',
  'isViewOnce',
  'duration',
  'lat',
  'lng',
  'loc',
  'quotedMsg',
  'quotedStanzaID',
  'quotedParticipant',
  'vcardFormattedName',
  'vcardList',
  'pollName',
  'pollOptions',
  'pollSelectableOptionsCount',
  'mentionedJidList',
  'notifyName',
  'latestEditSenderTimestampMs',
  'title',
  'description',
];

function plain(value: unknown): unknown {
  if (value instanceof Wid) return value.toString();
  return Array.isArray(value) ? value.map(plain) : value;
}

export function toWire(attributes: MessageAttributes): WireMessage {
  const entries = TRAVELLING.filter((name) => attributes[name] !== undefined && attributes[name] !== null).map(
    (name) => [name, plain(attributes[name])] as const,
  );
  return {
    id: attributes.id.id,
    fromMe: attributes.id.fromMe,
    chat: attributes.id.remote.toString(),
    ...(attributes.id.participant === undefined ? {} : { author: attributes.id.participant.toString() }),
    type: attributes.type,
    body: typeof attributes.body === 'string' ? attributes.body : '',
    t: attributes.t,
    ack: attributes.ack,
    attributes: Object.fromEntries(entries),
  };
}

/** A key names the person, never the device; and nobody whom the chat itself names. */
function participantOf({ author }: WireMessage, remote: Wid): { participant?: Wid } {
  const participant = author === undefined ? undefined : createWid(author);
  return participant === undefined || participant.equals(remote) ? {} : { participant };
}

export function fromWire(wire: WireMessage, isNewMsg: boolean, me: Wid, Key: MsgKeyClass): MessageAttributes {
  const remote = createWid(wire.chat);
  const author = wire.author === undefined ? undefined : createSenderWid(wire.author);
  return {
    ...wire.attributes,
    id: new Key({ fromMe: wire.fromMe, remote, id: wire.id, ...participantOf(wire, remote) }),
    ack: wire.ack,
    body: wire.body,
    type: wire.type,
    t: wire.t,
    from: wire.fromMe ? me : remote,
    to: wire.fromMe ? remote : me,
    ...(author === undefined ? {} : { author }),
    isNewMsg,
    self: wire.fromMe ? 'out' : 'in',
  };
}
