import type { Status } from '../../../domain/session-state.js';
import { STATUS_LOOK, type Tone } from '../model/status-look.js';

/** One shape per tone, so that it can be told without its colour. On a field of 16 by 16. */
const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M3 8.5l3.5 3.5L13 4.500',
  busy: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  asks: 'M8 3.5v5.5M8 12.200v.3',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
  off: 'M4 8h8',
  bad: 'M4 4l8 8M12 4l-8 8',
};

/** The icon of a tone. Beside it stands a word, so nobody needs to be told of the icon. */
export function ToneIcon({ tone }: { tone: Tone }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[tone]} />
    </svg>
  );
}

/** A status as icon, colour and word. */
export function StatusMark({ status, tone }: { status: Status; tone: Tone }) {
  return (
    <span class={`mark ${tone}`}>
      <ToneIcon tone={tone} />
      {STATUS_LOOK[status].word}
    </span>
  );
}
