export const ANSWERS = ['answered', 'silent', 'unknown'] as const;
/** What came of one question to WhatsApp's server; `unknown`: the page would not ask, which says nothing of the line. */
export type Answer = (typeof ANSWERS)[number];

/** The memory between heartbeats. */
export interface Pulse {
  /** Questions in a row that nobody answered. */
  readonly misses: number;
  /** Silences that were reported since the last answer: each asks for a harder rung than the one before. */
  readonly silences: number;
}

export const STEADY_PULSE: Pulse = { misses: 0, silences: 0 };

const MISSES_FOR_SILENCE = 2;

/** The pulse after an answer; `isSilent` when WhatsApp is silent beyond doubt. */
export function pulseAfter(pulse: Pulse, answer: Answer): { pulse: Pulse; isSilent: boolean } {
  switch (answer) {
    case 'answered':
      return { pulse: STEADY_PULSE, isSilent: false };
    case 'unknown':
      return { pulse: { ...pulse, misses: 0 }, isSilent: false };
    case 'silent': {
      const misses = pulse.misses + 1;
      if (misses < MISSES_FOR_SILENCE) return { pulse: { ...pulse, misses }, isSilent: false };
      return { pulse: { misses: 0, silences: pulse.silences + 1 }, isSilent: true };
    }
    default:
      return answer satisfies never;
  }
}
