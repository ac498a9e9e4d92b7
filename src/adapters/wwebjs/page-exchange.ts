import type { Page } from 'puppeteer';

/** As puppeteer words it, so that it is taken for what it is. */
const EXCHANGED = 'Execution context was destroyed: another document came';

/**
 * Lets the library's injection survive that the page reloads itself meanwhile. It makes dozens of calls into the page, and
 * takes for granted that all of them meet the same document.
 */
export function guardEvaluations(page: Page, isInjecting: () => boolean): void {
  const evaluate = page.evaluate.bind(page) as (task: unknown, ...args: unknown[]) => Promise<unknown>;
  const guarded = async (task: unknown, ...args: unknown[]) => {
    if (!isInjecting()) return evaluate(task, ...args);
    // The listeners of messages (Client.js 1023).
    if (typeof task === 'function' && String(task).includes('onAddMessageEvent'))
      return evaluate(attachOnce(`${task}`));
    const result = await evaluate(task, ...args);
    // It has just put it there, and would look for it for half a minute (Client.js 333).
    if (task === 'window.WWebJS != undefined' && result === false) throw new Error(EXCHANGED);
    return result;
  };
  page.evaluate = guarded as typeof page.evaluate;
}

/**
 * What attaches listeners, as the text to run in the page: once in a document, and marked in the same breath, since a mark
 * that is made by another call may mark another document. Without what the listeners need it would end half-way.
 */
function attachOnce(attach: string): string {
  return `(() => {
    window.wakeful ??= { watched: false, injected: false, listening: false, ready: false };
    if (window.wakeful.listening) return;
    if (window.WWebJS === undefined) throw new Error('${EXCHANGED}');
    (${attach})();
    window.wakeful.listening = true;
  })()`;
}
