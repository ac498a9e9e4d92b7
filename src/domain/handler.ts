import type { OutboxMessage } from './message.js';

/** What every handler gets beside what it is about. `Library` is the Client of whatsapp-web.js, of which this floor knows nothing. */
export interface HandlerContext<Library = object> {
  readonly sessionId: string;
  /**
   * The live Client of whatsapp-web.js, for all that is not offered here (groups, polls, reactions…); null while there is
   * none. It is another one after every new browser: use it, do not keep it.
   */
  readonly client: Library | null;
  /** Aborts when the time of the handler is over, or the service stops. */
  readonly signal: AbortSignal;
  /**
   * Sends a text, durably. With a key of its own, a handler that runs twice for the same thing sends once. Rejects with
   * an error of the catalogue when the message cannot be accepted.
   */
  send(to: string, text: string, options?: { idempotencyKey?: string }): Promise<OutboxMessage>;
}

export interface MessageContext<Library = object> extends HandlerContext<Library> {
  /** Answers in the chat of the message: once, also when the handler runs again for it after a crash. */
  reply(text: string): Promise<OutboxMessage>;
}

/** The part of a list that a session still has to hand out; positions as the inbox gives them. */
export interface Progress {
  /** All up to here are done. */
  readonly doneUpTo: number;
  /** Handed out and not done yet, smallest first. */
  readonly running: readonly number[];
  /** The last one that was handed out. */
  readonly handedOut: number;
}

/** One more is being handled; positions come in order. */
export function handedOut(progress: Progress, seq: number): Progress {
  return { ...progress, running: [...progress.running, seq], handedOut: seq };
}

/** One was finished: `doneUpTo` moves only over what has nothing unfinished before it. */
export function finished(progress: Progress, seq: number): Progress {
  const running = progress.running.filter((other) => other !== seq);
  const [first] = running;
  return { ...progress, running, doneUpTo: first === undefined ? progress.handedOut : first - 1 };
}
