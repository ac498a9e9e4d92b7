import { REASONS } from '../../../domain/reason.js';
import type { SessionView } from '../contract.js';

/** Something that will happen by itself, at a time to count down to. */
export interface NextMoment {
  what: string;
  at: string;
}

/** What comes next by itself, null when nothing does. */
export function nextMomentOf(session: SessionView): NextMoment | null {
  const { status, attempt, maxAttempts, nextAttemptAt, circuit } = session;
  const of = maxAttempts === null ? '' : ` of ${maxAttempts}`;
  if (status === 'reconnecting' && nextAttemptAt !== null)
    return { what: `Attempt ${attempt + 1}${of}`, at: nextAttemptAt };
  if (status === 'idle' && nextAttemptAt !== null) return { what: 'Looks for messages', at: nextAttemptAt };
  if (status === 'suspended' && circuit.resumesAt !== null) return { what: 'One more try', at: circuit.resumesAt };
  return null;
}

/** Why the session is where it is. Without the seconds of the moment when it was said: the page counts them itself. */
export function sentenceOf(session: SessionView): string {
  const counts = session.status === 'qr_pending' || nextMomentOf(session) !== null;
  return counts ? REASONS[session.reason].sentence : session.message;
}
