import type { PageOrder } from '../frame.js';

function hang(forMs: number | null): void {
  const until = forMs === null ? Number.POSITIVE_INFINITY : performance.now() + forMs;
  // The renderer's only thread is busy from here on: nothing in the page answers.
  while (performance.now() < until);
}

/**
 * Elements nested deeper than the layout's own recursion can go: its stack overflows and the renderer process dies within
 * a tenth of a second. Using up the memory does it too, but takes gigabytes of a machine that others share.
 */
function crash(): void {
  let innermost: HTMLElement = document.body;
  for (let depth = 0; depth < 100_000; depth += 1) {
    const child = document.createElement('div');
    innermost.appendChild(child);
    innermost = child;
  }
  // Asking for a height forces the layout.
  console.log(document.body.offsetHeight);
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
