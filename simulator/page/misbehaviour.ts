import type { PageOrder } from '../frame.js';

function hang(forMs: number | null): void {
  const until = forMs === null ? Number.POSITIVE_INFINITY : performance.now() + forMs;
  // The renderer's only thread is busy from here on: nothing in the page answers.
  while (performance.now() < until);
}

/** Elements nested in each other; gives the outermost and the innermost. */
function chain(length: number): readonly [HTMLElement, HTMLElement] {
  const outermost = document.createElement('div');
  let innermost = outermost;
  for (let depth = 1; depth < length; depth += 1) {
    const child = document.createElement('div');
    innermost.appendChild(child);
    innermost = child;
  }
  return [outermost, innermost];
}

/**
 * Elements nested deeper than the layout's own recursion can go: its stack overflows and the renderer process dies within
 * a second. Using up the memory does it too, but takes gigabytes of a machine that others share.
 */
function crash(): void {
  // Chain by chain, and outside the document: appending one by one takes time by the square of the depth.
  const [root, end] = chain(500);
  let innermost = end;
  for (let link = 0; link < 100; link += 1) {
    const [top, bottom] = chain(500);
    innermost.appendChild(top);
    innermost = bottom;
  }
  document.body.appendChild(root);
  // Asking for a height forces the layout.
  console.log(root.offsetHeight);
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
