import { useEffect, useState } from 'preact/hooks';
import { errorWords } from '../service/api.js';

interface Reading<T> {
  /** What came last, null before anything has. */
  value: T | null;
  /** Why the last call failed, null when it did not. */
  trouble: string | null;
}

/** Reads at once and again every so often while somebody looks. `read` must stay the same function; null reads nothing. */
export function useReading<T>(read: (() => Promise<T>) | null, everyMs: number): Reading<T> {
  const [reading, setReading] = useState<Reading<T>>({ value: null, trouble: null });
  useEffect(() => {
    if (read === null) return;
    let isOver = false;
    const look = () =>
      read().then(
        (value) => void (isOver || setReading({ value, trouble: null })),
        (error: unknown) => void (isOver || setReading(({ value }) => ({ value, trouble: errorWords(error) }))),
      );
    void look();
    const timer = setInterval(look, everyMs);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [read, everyMs]);
  return reading;
}
