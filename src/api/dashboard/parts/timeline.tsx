import { useState } from 'preact/hooks';
import { addressOf } from '../model/place.js';
import { entryTone, factsOf, type TimelineItem, wordsOf } from '../model/timeline-item.js';
import { localTime } from './clock.js';

const AT_FIRST = 50;

function Entry({ item, named }: { item: TimelineItem; named: boolean }) {
  const at = new Date(item.at);
  return (
    <li class={`entry ${entryTone(item)}`}>
      <time class="number quiet" dateTime={item.at} title={localTime(item.at)}>
        {at.toLocaleDateString(undefined, { month: 'short', day: 'numeric' })} {at.toLocaleTimeString()}
      </time>
      {named && (
        <a class="entry-session" href={addressOf(item.sessionId)}>
          {item.sessionId}
        </a>
      )}
      <span class="entry-words">
        {wordsOf(item)} <code class="quiet">{item.event}</code>
        {factsOf(item).map(([name, value]) => (
          <span key={name} class="fact">
            <span class="quiet">{name}</span> {value}
          </span>
        ))}
      </span>
    </li>
  );
}

/** Lines of timelines, the newest on top; with the session's name when they are of several. */
export function Timeline({ items, named = false }: { items: readonly TimelineItem[]; named?: boolean }) {
  const [most, setMost] = useState(AT_FIRST);
  if (items.length === 0) return <p class="quiet">Nothing yet.</p>;
  return (
    <>
      <ol class="timeline" reversed>
        {items
          .slice(-most)
          .reverse()
          .map((item) => (
            <Entry key={item.seq} item={item} named={named} />
          ))}
      </ol>
      {items.length > most && (
        <button type="button" onClick={() => setMost(most + 200)}>
          Show older ones ({items.length - most})
        </button>
      )}
    </>
  );
}
