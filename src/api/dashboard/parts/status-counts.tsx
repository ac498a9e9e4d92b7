import type { SessionView } from '../contract.js';
import { countStatuses, countWaiting, type Shown } from '../model/session-filter.js';
import { STATUS_LOOK, type Tone } from '../model/status-look.js';
import { ToneIcon } from './status-mark.js';

interface Props {
  sessions: ReadonlyMap<string, SessionView>;
  shown: Shown;
  onShow(shown: Shown): void;
}

/** How many numbers are in which state; each count is also the filter for it. */
export function StatusCounts({ sessions, shown, onShow }: Props) {
  const waiting = countWaiting(sessions.values());
  const chip = (which: Shown, count: number, word: string, tone: Tone | null) => (
    <button
      key={which}
      type="button"
      class={`chip ${tone ?? ''}`}
      aria-pressed={shown === which}
      onClick={() => onShow(shown === which ? 'all' : which)}
    >
      {tone !== null && <ToneIcon tone={tone} />}
      <span class="number">{count}</span> {word}
    </button>
  );
  return (
    <fieldset class="chips">
      <legend class="only-read-out">Show by state</legend>
      {chip('all', sessions.size, 'All', null)}
      {waiting > 0 && chip('waiting', waiting, waiting === 1 ? 'Waits for you' : 'Wait for you', 'asks')}
      {countStatuses(sessions.values()).map(({ status, count }) =>
        chip(status, count, STATUS_LOOK[status].word, STATUS_LOOK[status].tone),
      )}
    </fieldset>
  );
}
