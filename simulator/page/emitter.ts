type Listener = (...args: readonly never[]) => unknown;

/** Events as WhatsApp Web's models have them: several names in one string, separated by blanks. */
export class Emitter {
  readonly #listeners = new Map<string, { run: Listener; once: boolean }[]>();

  on(names: string, run: Listener): this {
    for (const name of names.split(/\s+/)) this.#of(name).push({ run, once: false });
    return this;
  }

  once(names: string, run: Listener): this {
    for (const name of names.split(/\s+/)) this.#of(name).push({ run, once: true });
    return this;
  }

  off(names: string, run?: Listener): this {
    for (const name of names.split(/\s+/)) {
      const kept = run === undefined ? [] : this.#of(name).filter((entry) => entry.run !== run);
      this.#listeners.set(name, kept);
    }
    return this;
  }

  trigger(name: string, ...args: readonly unknown[]): void {
    for (const entry of [...this.#of(name)]) {
      if (entry.once) this.off(name, entry.run);
      try {
        (entry.run as (...given: readonly unknown[]) => unknown)(...args);
      } catch (error) {
        // One listener's failure must not keep the page from going on: the real page isolates them too.
        console.error(`listener of ${name} failed`, error);
      }
    }
  }

  #of(name: string): { run: Listener; once: boolean }[] {
    const known = this.#listeners.get(name);
    if (known !== undefined) return known;
    const fresh: { run: Listener; once: boolean }[] = [];
    this.#listeners.set(name, fresh);
    return fresh;
  }
}
