import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of [...listeners]) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

/** What is made of the time now, looked at every second; draws again only when it comes out differently. One timer serves all. */
export function useTime<T extends string | number>(of: (nowMs: number) => T): T {
  const [, set] = useState<T>(() => of(Date.now()));
  useEffect(() => subscribe(() => set(of(Date.now()))), [of]);
  return of(Date.now());
}
