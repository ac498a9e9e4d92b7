import type { Config } from '../config.js';
import { bareIdOf, isOpen, type OutboxMessage, REFUSED_ACK, statusOfAck } from '../domain/message.js';
import type { FailureCode } from '../domain/message-failure.js';
import { inRounds, planSends, type Rest, type SendStep } from '../domain/outbox-plan.js';
import { afterSend, NOTHING_SENT, nextSendAt, type PaceRecord } from '../domain/pacing.js';
import type { FetchMedia, WhatsAppClient } from '../domain/ports.js';
import { afterRefusal, isNumberRefused, NO_REFUSALS, type RefusalStreak, refusalDelayMs } from '../domain/refusals.js';
import { endOfWait, NO_WAIT, type Wait } from '../domain/wait.js';
import { EarlyAcks } from './early-acks.js';
import { Handover, type HandoverOutcome } from './handover.js';
import { LANE_PRIORITY, type Lane } from './lane.js';
import { MediaFetches } from './media-fetches.js';
import { OutboxBook, type OutboxBookOptions } from './outbox-book.js';

interface SenderOptions extends OutboxBookOptions {
  lane: Lane;
  /** In [0, 1). */
  random: () => number;
  fetchMedia: FetchMedia;
  settings: Config['messages'];
  /** The client while the session is connected, otherwise null. */
  client: () => WhatsAppClient | null;
}

/** After an operation that failed, the page gets a moment before the chat is read again; doubled each time. */
const RETRY_MS = 2000;
const LONGEST_RETRY_MS = 60_000;
/** A chat that cannot be read for so long is not waited for. */
const UNREADABLE_MS = 10 * 60_000;
/** As many as keep a page busy; more would only make each of them wait longer. */
const CHATS_AT_ONCE = 10;

/**
 * Takes the outbox of one session to WhatsApp, each chat in its order. A message is `sending` from before the page gets
 * it until WhatsApp acknowledges it; whatever interrupts that, the chat itself is asked before anything is handed over
 * again.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #book: OutboxBook;
  readonly #handover: Handover;
  readonly #fetches: MediaFetches;
  /** Messages to be left alone until a time: WhatsApp may still acknowledge them, or the page needs a moment. */
  readonly #rests = new Map<string, Rest>();
  /** Operations in a row that failed, by message. */
  readonly #failures = new Map<string, { count: number; since: number }>();
  readonly #earlyAcks = new EarlyAcks();
  #pace: PaceRecord = NOTHING_SENT;
  #refusals: RefusalStreak = NO_REFUSALS;
  #pause: Wait = NO_WAIT;
  #pumping = false;
  /** Somebody called since the outbox was read last. */
  #kicked = false;
  #lookAgainAt: number | null = null;
  #draining = false;
  #cancelTimer: (() => void) | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#book = new OutboxBook(options);
    this.#handover = new Handover({ ...options, book: this.#book });
    this.#fetches = new MediaFetches({
      ...options,
      onDone: (id, retryAfterMs) => {
        if (retryAfterMs !== null) this.#rest(id, retryAfterMs);
        this.kick();
      },
      onFailed: (id, code) => {
        try {
          const message = options.outbox.get(options.sessionId, id);
          if (message?.status === 'queued') this.#end(message, code);
        } catch (error) {
          this.#interrupted(id, error);
        }
        this.kick();
      },
    });
  }

  /** A page is ready, perhaps another one than before: what was under way must be looked up in it. */
  onConnected(): void {
    this.#rests.clear();
    this.#failures.clear();
    this.kick();
  }

  /** Something may be sendable. Cheap and safe to call at any time. */
  kick(): void {
    this.#kicked = true;
    if (this.#pumping || this.#draining) return;
    this.#pumping = true;
    void this.#pump()
      .catch((error: unknown) => {
        this.#interrupted('outbox', error);
        this.#lookAgainAt = this.#options.clock.now() + RETRY_MS;
      })
      .finally(() => {
        this.#pumping = false;
        if (this.#kicked) this.kick();
        else this.#armTimer();
      });
  }

  /** WhatsApp acknowledged a message of ours, also one of an earlier page. */
  onAck(waMessageId: string, ack: number): void {
    const { outbox, sessionId } = this.#options;
    const message = outbox.byWaMessageId(sessionId, waMessageId);
    if (message) this.#acknowledge(message, waMessageId, ack);
    else this.#earlyAcks.note(waMessageId, ack);
  }

  /** Ends a message that is still queued; gives it as it then is, null when there is none. */
  cancel(id: string): OutboxMessage | null {
    const message = this.#options.outbox.get(this.#options.sessionId, id);
    if (message?.status !== 'queued') return message;
    const ended = this.#end(message, 'cancelled');
    this.kick();
    return ended;
  }

  /** Takes nothing new; what the page is being given now may finish in its own time. */
  stop(): void {
    this.#draining = true;
    this.#fetches.stop();
    this.#cancelTimer?.();
  }

  async #pump(): Promise<void> {
    for (let rounds = this.#plan(); rounds.length > 0; rounds = this.#plan()) {
      for (const round of rounds) if (!(await this.#take(round))) break;
    }
  }

  /** What can be done now, in order; what is not due yet sets the time of the next look. */
  #plan(): SendStep[][] {
    const { outbox, sessionId, client, clock } = this.#options;
    this.#kicked = false;
    this.#lookAgainAt = null;
    if (this.#draining) return [];
    const now = clock.now();
    const open = outbox.openStates(sessionId);
    // Most looks find nothing, and a thousand sessions look every minute.
    if (!open.queued && !open.sending) return [];
    if (open.queued) for (const late of outbox.expired(sessionId, now)) this.#end(late, 'expired');
    const rounds = client() === null ? [] : this.#possible(outbox.heads(sessionId, open), now);
    // After what is done now all is looked at anew.
    if (rounds.length === 0 && open.queued) this.#lookAgain(outbox.nextExpiry(sessionId));
    return rounds;
  }

  #possible(heads: readonly OutboxMessage[], now: number): SendStep[][] {
    const { steps, lookAgainAt } = planSends(heads, {
      now,
      rests: this.#rests,
      lacksMedia: (message) => this.#fetches.lacks(message),
      handOverFrom: this.#handOverFrom(),
      oneAtATime: isNumberRefused(this.#refusals),
    });
    this.#lookAgain(lookAgainAt);
    const possible = steps.filter(({ id, does }) => does !== 'fetch_media' || this.#fetches.mayStart(id));
    return inRounds(possible, CHATS_AT_ONCE);
  }

  #lookAgain(at: number | null): void {
    if (at !== null) this.#lookAgainAt = Math.min(at, this.#lookAgainAt ?? at);
  }

  #handOverFrom(): number {
    const now = this.#options.clock.now();
    return Math.max(endOfWait(this.#pause, now), nextSendAt(this.#pace, this.#options.settings.pacing, now));
  }

  /** False when the others must be looked at anew. */
  async #take(round: readonly SendStep[]): Promise<boolean> {
    const { outbox, sessionId, lane } = this.#options;
    const [first] = round;
    if (first?.does === 'fetch_media') {
      const message = outbox.get(sessionId, first.id);
      if (message?.status === 'queued') this.#fetches.start(message);
      return true;
    }
    const attend = (signal: AbortSignal) => Promise.all(round.map((step) => this.#attend(step, signal)));
    return (await lane.run(LANE_PRIORITY.send, attend)).every(Boolean);
  }

  async #attend({ id, does }: SendStep, signal: AbortSignal): Promise<boolean> {
    const { client, settings, clock, random } = this.#options;
    const live = client();
    if (live === null || this.#draining) return false;
    // The step before may have made this one wait.
    if (does === 'hand_over' && this.#handOverFrom() > clock.now()) return true;
    const since = this.#failures.get(id)?.since ?? clock.now();
    try {
      if (does === 'hand_over') {
        this.#pace = afterSend(this.#pace, settings.pacing, clock.now(), random());
        this.#apply(id, await this.#handover.give(live, id, signal));
      } else if (clock.now() - since < UNREADABLE_MS) {
        this.#apply(id, await this.#handover.lookUp(live, id, signal));
      } else {
        this.#apply(id, await this.#handover.giveUnseen(live, id, signal));
      }
      this.#failures.delete(id);
      return true;
    } catch (error) {
      this.#interrupted(id, error);
      const count = (this.#failures.get(id)?.count ?? 0) + 1;
      this.#failures.set(id, { count, since });
      this.#rest(id, Math.min(RETRY_MS * 2 ** (count - 1), LONGEST_RETRY_MS));
      return false;
    }
  }

  #apply(id: string, outcome: HandoverOutcome): void {
    switch (outcome.is) {
      case 'in_page':
        this.#inPage(outcome);
        break;
      case 'not_taken':
        this.#interrupted(id, outcome.detail);
        this.#book.notTaken(outcome.message, this.#options.clock.now() + RETRY_MS * outcome.message.attempts);
        break;
      case 'refused':
        this.#refused(outcome.message);
        break;
      case 'ended':
        this.#end(outcome.message, outcome.code);
        break;
      case 'nothing':
        break;
      default:
        outcome satisfies never;
    }
  }

  #inPage({ message, receipt, seenInChat }: Extract<HandoverOutcome, { is: 'in_page' }>): void {
    const { waMessageId } = receipt;
    const ack = this.#earlyAcks.claim(waMessageId, receipt.ack);
    const current = this.#options.outbox.get(this.#options.sessionId, message.id);
    // Refused while the page was still answering: it waits for its next try already.
    if (current === null || current.status === 'queued') return;
    if (current.status === 'sending') this.#rest(message.id, this.#options.settings.ackTimeoutMs, seenInChat);
    // An ack stores the id as well. Until then, who holds its chat is known by the id that it was given.
    const isKnown = statusOfAck(ack) !== null || (!seenInChat && bareIdOf(waMessageId) === current.presetId);
    const known = isKnown ? current : this.#book.identified(current, waMessageId);
    this.#acknowledge(known, waMessageId, ack);
  }

  #acknowledge(message: OutboxMessage, waMessageId: string, ack: number): void {
    if (ack === REFUSED_ACK) this.#refused(message);
    if (statusOfAck(ack) === null || ack <= message.ack) return;
    const isNews = isOpen(message);
    this.#rests.delete(message.id);
    this.#refusals = NO_REFUSALS;
    this.#book.acknowledged(message, waMessageId, ack);
    // The next of its chat has waited for this. Soon is enough: who waits for the answer goes first.
    if (isNews) setImmediate(() => this.kick());
  }

  #refused(message: OutboxMessage): void {
    if (message.status !== 'sending') return;
    const { settings, clock, random } = this.#options;
    const now = clock.now();
    this.#rests.delete(message.id);
    // During a pause nothing is handed over: what is refused then left before it, and says nothing more of the number.
    if (endOfWait(this.#pause, now) === 0) {
      this.#refusals = afterRefusal(this.#refusals, message.to);
      const { count } = this.#refusals;
      if (isNumberRefused(this.#refusals)) this.#pause = { since: now, until: now + refusalDelayMs(count, random()) };
    }
    if (message.attempts >= settings.maxAttempts) this.#end(message, 'rejected_by_whatsapp');
    else this.#book.refused(message, refusalDelayMs(message.attempts, random()));
    this.kick();
  }

  #end(message: OutboxMessage, code: FailureCode): OutboxMessage {
    this.#rests.delete(message.id);
    this.#failures.delete(message.id);
    this.#fetches.forget(message.id);
    return this.#book.ends(message, code);
  }

  #rest(id: string, ms: number, letsOthersPass = false): void {
    const since = this.#options.clock.now();
    this.#rests.set(id, { since, until: since + ms, letsOthersPass });
  }

  #interrupted(messageId: string, error: unknown): void {
    const { logger, sessionId } = this.#options;
    const words = `${sessionId}: a send was interrupted: ${String(error)}`;
    logger.warn('session.effect_failed', words, { sessionId, messageId });
  }

  #armTimer(): void {
    const { clock } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (this.#lookAgainAt === null || this.#draining) return;
    this.#cancelTimer = clock.schedule(Math.max(0, this.#lookAgainAt - clock.now()), () => this.kick());
  }
}
