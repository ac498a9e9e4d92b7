import type { PageOrder } from '../frame.js';

function hang(forMs: number | null): void {
  const until = forMs === null ? Number.POSITIVE_INFINITY : performance.now() + forMs;
  // The renderer's only thread is busy from here on: nothing in the page answers.
  while (performance.now() < until);
}

/** Takes memory until V8 gives up, which ends the renderer process. */
function crash(): void {
  const hoard: unknown[] = [];
  for (;;) hoard.push(new Array(1_000_000).fill(hoard.length + 0.5));
}

export function misbehave(order: PageOrder): void {
  switch (order.order) {
    case 'hang':
      hang(order.forMs);
      return;
    case 'crash':
      crash();
      return;
    case 'reload':
      location.reload();
      return;
    case 'push-state':
      for (let index = 0; index < order.times; index += 1) history.pushState({}, '', `/?step=${index + 1}`);
      return;
    default:
      order satisfies never;
  }
}
