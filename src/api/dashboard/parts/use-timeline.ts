import { useEffect, useState } from 'preact/hooks';
import type { TimelineItem } from '../model/timeline-item.js';
import { errorWords } from '../service/api.js';
import { useSignedIn } from '../service/context.js';

const KEPT = 2_000;

/** The timeline of a session, oldest first, which grows as things happen; null until it is read. */
export function useTimeline(sessionId: string): { timeline: TimelineItem[] | null; trouble: string | null } {
  const { api, live } = useSignedIn();
  const [timeline, setTimeline] = useState<TimelineItem[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  useEffect(() => {
    let isOver = false;
    // What happens while the past is read comes on top of it.
    const early: TimelineItem[] = [];
    const stop = live.on('line', (line) => {
      if (line.sessionId !== sessionId) return;
      early.push(line);
      setTimeline((before) => before && joined(before, [line]));
    });
    api.timeline(sessionId, KEPT).then(
      (past) => void (isOver || setTimeline(joined(past, early))),
      (error: unknown) => void (isOver || setTrouble(errorWords(error))),
    );
    return () => {
      isOver = true;
      stop();
    };
  }, [api, live, sessionId]);
  return { timeline, trouble };
}

/** Both, each entry once. */
function joined(past: TimelineItem[], news: TimelineItem[]): TimelineItem[] {
  const last = past.at(-1)?.seq ?? 0;
  return [...past, ...news.filter(({ seq }) => seq > last)].slice(-KEPT);
}
