import type { OutboxMessage } from './message.js';
import { endOfWait, type Wait } from './wait.js';

/** What is next for one message. */
export interface SendStep {
  readonly id: string;
  readonly does: 'fetch_media' | 'hand_over' | 'look_up';
  /** May be under way together with others: the page is given no file, and nothing is read. */
  readonly isLight: boolean;
}

/** A message that is left alone for a while. */
export interface Rest extends Wait {
  /** Others to the same chat may go: the page has it already and sends in order. */
  readonly letsOthersPass: boolean;
}

interface PlanContext {
  now: number;
  rests: ReadonlyMap<string, Rest>;
  /** The bytes of its media have yet to be fetched. */
  lacksMedia: (message: OutboxMessage) => boolean;
  /** Nothing is handed over before. */
  handOverFrom: number;
  /** One handover only, and none while another awaits its acknowledgement. */
  oneAtATime: boolean;
}

/**
 * What can be done now with the first messages of every chat, in order of acceptance, and when to look again; null when
 * only an event can change anything. Within a chat nothing overtakes a message whose fate is open; chats do not wait
 * for each other.
 */
export function planSends(
  heads: readonly OutboxMessage[],
  { now, rests, lacksMedia, handOverFrom, oneAtATime }: PlanContext,
): { steps: SendStep[]; lookAgainAt: number | null } {
  const steps: SendStep[] = [];
  const held = new Set<string>();
  let underWay = 0;
  let lookAgainAt: number | null = null;
  const wakeAt = (at: number) => {
    lookAgainAt = Math.min(at, lookAgainAt ?? at);
  };

  for (const message of heads) {
    const { id, to, status, notBefore, updatedAt } = message;
    if (held.has(to)) continue;
    const rest = rests.get(id);
    const restsUntil = rest === undefined ? 0 : endOfWait(rest, now);
    if (restsUntil > 0) wakeAt(restsUntil);
    if (restsUntil > 0 && rest?.letsOthersPass) continue;
    held.add(to);
    if (status === 'sending') underWay += 1;
    if (restsUntil > 0) continue;
    // What is queued was changed last when it was told to wait.
    const queuedUntil = endOfWait({ since: updatedAt, until: notBefore ?? 0 }, now);
    if (status === 'sending') steps.push({ id, does: 'look_up', isLight: false });
    else if (queuedUntil > 0) wakeAt(queuedUntil);
    else if (lacksMedia(message)) steps.push({ id, does: 'fetch_media', isLight: false });
    else if (handOverFrom > now) wakeAt(handOverFrom);
    else if (!oneAtATime || underWay === 0) {
      steps.push({ id, does: 'hand_over', isLight: message.content.type !== 'media' });
      underWay += 1;
    }
  }
  return { steps, lookAgainAt };
}

/** The same steps in the same order, light ones side by side: no more than `atOnce`, since all of them share one page. */
export function inRounds(steps: readonly SendStep[], atOnce: number): SendStep[][] {
  const rounds: SendStep[][] = [];
  for (const step of steps) {
    const last = rounds.at(-1);
    if (step.isLight && last?.[0]?.isLight && last.length < atOnce) last.push(step);
    else rounds.push([step]);
  }
  return rounds;
}
