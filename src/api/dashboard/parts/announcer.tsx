import { useEffect, useRef, useState } from 'preact/hooks';
import type { Status } from '../../../domain/session-state.js';
import { newsForEars } from '../model/announcement.js';
import { useSignedIn } from '../service/context.js';

/** Not faster than somebody can listen. */
const PACE_MS = 2_500;

/** Reads changes of status out to those who use a screen reader; many at once become a count. */
export function Announcer() {
  const { store } = useSignedIn().live;
  const [words, setWords] = useState('');
  const told = useRef<Map<string, Status> | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      const { sessions } = store.state;
      if (sessions === null) return;
      const news = told.current === null ? '' : newsForEars(told.current, sessions);
      told.current = new Map([...sessions].map(([id, { status }]) => [id, status]));
      if (news !== '') setWords(news);
    }, PACE_MS);
    return () => clearInterval(timer);
  }, [store]);
  return (
    <div class="only-read-out" role="status" aria-live="polite">
      {words}
    </div>
  );
}
