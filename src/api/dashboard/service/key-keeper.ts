const NAME = 'wakeful-key';

/** The key that was kept: for this tab, or for good when somebody asked to stay signed in. */
export function keptKey(): string | null {
  return sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME);
}

/** Keeps the key for as long as the tab is open, or until `forgetKey`. */
export function keepKey(key: string, { forGood }: { forGood: boolean }): void {
  (forGood ? localStorage : sessionStorage).setItem(NAME, key);
}

/** Signs out, in this tab and for good. */
export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
  localStorage.removeItem(NAME);
}
