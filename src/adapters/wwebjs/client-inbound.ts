import { Inbound } from './inbound.js';
import { LidNumbers, type LidNumbersOptions } from './lid-numbers.js';
import type { Narrator } from './narrator.js';

export interface ClientInbound {
  inbound: Inbound;
  /** Finds the numbers of those whom the page could not name. */
  named: LidNumbers['named'];
}

/** Everything of one launch that listens to messages, told by its narrator; and who finds the numbers of senders. */
export function createInbound(narrator: Narrator, options: LidNumbersOptions): ClientInbound {
  const { named } = new LidNumbers(options);
  const inbound = new Inbound({
    onMessage: (message, isLate) => narrator.tell(({ onMessage }) => onMessage(message, isLate)),
    onChange: (news) => narrator.tell(({ onChange }) => onChange(news)),
    onAck: (waMessageId, ack) => narrator.tell(({ onAck }) => onAck(waMessageId, ack)),
    named,
    ignored: (doing, error) => narrator.ignored(doing, error),
    now: options.now,
  });
  return { inbound, named };
}
