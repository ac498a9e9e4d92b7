import { useState } from 'preact/hooks';
import { addressOf } from '../model/place.js';
import { dayWords } from '../model/time-words.js';
import { entryTone, factsOf, type TimelineItem, wordsOf } from '../model/timeline-item.js';
import { localTime } from './clock.js';

const MORE = 200;

function Entry({ item, named }: { item: TimelineItem; named: boolean }) {
  return (
    <li class={`entry ${entryTone(item)}`}>
      <time class="number quiet" dateTime={item.at} title={localTime(item.at)}>
        {new Date(item.at).toLocaleTimeString()}
      </time>
      <div class="entry-words">
        <p>
          {named && (
            <>
              <a class="entry-session" href={addressOf(item.sessionId)}>
                {item.sessionId}
              </a>{' '}
            </>
          )}
          {wordsOf(item)}
        </p>
        <p class="facts-line">
          <code class="quiet">{item.event}</code>
          {factsOf(item).map(([name, value]) => (
            <span key={name}>
              <span class="quiet">{name}</span> {value}
            </span>
          ))}
        </p>
      </div>
    </li>
  );
}

/** Those of one day together, in the order in which they come. */
function byDay(items: readonly TimelineItem[]): { day: string; items: TimelineItem[] }[] {
  const days: { day: string; items: TimelineItem[] }[] = [];
  const nowMs = Date.now();
  for (const item of items) {
    const day = dayWords(Date.parse(item.at), nowMs);
    if (days.at(-1)?.day !== day) days.push({ day, items: [] });
    days.at(-1)?.items.push(item);
  }
  return days;
}

interface Props {
  items: readonly TimelineItem[];
  /** With the session's name at each line, since they are of several. */
  named?: boolean;
  /** What stands there when there are none. */
  empty?: string;
  /** How many are shown before somebody asks for more. */
  atFirst?: number;
}

/** Lines of timelines, the newest on top. */
export function Timeline({ items, named = false, empty = 'Nothing yet.', atFirst = 100 }: Props) {
  const [most, setMost] = useState(atFirst);
  if (items.length === 0) return <p class="quiet">{empty}</p>;
  return (
    <>
      {byDay(items.slice(-most).reverse()).map(({ day, items: lines }) => (
        <div key={day}>
          <p class="day">{day}</p>
          <ol class="timeline" reversed>
            {lines.map((item) => (
              <Entry key={item.seq} item={item} named={named} />
            ))}
          </ol>
        </div>
      ))}
      {items.length > most && (
        <button type="button" onClick={() => setMost(most + MORE)}>
          Show older ones ({items.length - most})
        </button>
      )}
    </>
  );
}
