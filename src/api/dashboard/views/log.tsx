import { useMemo, useRef, useState } from 'preact/hooks';
import type { TimelineItem } from '../model/timeline-item.js';
import { Timeline } from '../parts/timeline.js';
import { useLive } from '../service/context.js';

/** The timelines of all numbers as they are written, since the page was opened. */
export function LogView() {
  const live = useLive((state) => state.log);
  const [search, setSearch] = useState('');
  const [isHeld, setIsHeld] = useState(false);
  const held = useRef<readonly TimelineItem[]>(live);
  if (!isHeld) held.current = live;
  const lines = held.current;
  const shown = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    return lines.filter((line) => {
      const text = `${line.sessionId} ${line.event} ${line.message} ${JSON.stringify(line.data)}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  }, [lines, search]);

  return (
    <>
      <div class="title">
        <h1>Log</h1>
        <button type="button" aria-pressed={isHeld} onClick={() => setIsHeld(!isHeld)}>
          {isHeld ? 'Go on' : 'Hold'}
        </button>
      </div>
      <p class="quiet">
        What happens to all numbers, live, since this page was opened. The past of one is on its own page.
      </p>
      <label class="field search">
        <span class="only-read-out">Filter the log</span>
        <input
          type="search"
          name="filter"
          placeholder="Filter: id, event, word"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </label>
      <section class="card" aria-label="Lines">
        <Timeline
          items={shown}
          named
          empty={
            lines.length === 0
              ? 'Nothing has happened since. What does appears here by itself.'
              : `None of ${lines.length} lines fits the filter.`
          }
        />
      </section>
    </>
  );
}
