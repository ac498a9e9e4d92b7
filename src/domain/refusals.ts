/**
 * What WhatsApp's server refused since it last took a message. One chat that is refused may be a chat that takes
 * nothing; a second one means that the number sends too much, and then all of it pauses.
 */
export interface RefusalStreak {
  readonly chats: readonly string[];
  readonly count: number;
}

export const NO_REFUSALS: RefusalStreak = { chats: [], count: 0 };

const BASE_DELAY_MS = 15_000;
const MAX_DELAY_MS = 5 * 60_000;
const JITTER = 0.2;

export function afterRefusal({ chats, count }: RefusalStreak, chat: string): RefusalStreak {
  return { chats: chats.includes(chat) ? chats : [...chats, chat], count: count + 1 };
}

/** The number itself is being refused: nothing but a single trial at a time. */
export function isNumberRefused({ chats }: RefusalStreak): boolean {
  return chats.length > 1;
}

/** The wait after so many refusals in a row: 15 s, doubled each time up to 5 min, and up to a fifth less by chance. */
export function refusalDelayMs(refusals: number, random: number): number {
  const full = Math.min(BASE_DELAY_MS * 2 ** (Math.max(1, refusals) - 1), MAX_DELAY_MS);
  return Math.round(full * (1 - JITTER * random));
}
