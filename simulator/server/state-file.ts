import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountState } from './account.js';

const QUIET_MS = 300;

/** The accounts as JSON in the work folder, so that a restart of the simulator unlinks nobody. */
export class StateFile {
  readonly #path: string;
  readonly #read: () => readonly AccountState[];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(folder: string, read: () => readonly AccountState[]) {
    this.#path = join(folder, 'accounts.json');
    this.#read = read;
  }

  /** What an earlier simulator left in this folder. We wrote it ourselves, so its shape is not checked again. */
  load(): readonly AccountState[] {
    return existsSync(this.#path) ? (JSON.parse(readFileSync(this.#path, 'utf8')) as readonly AccountState[]) : [];
  }

  /** Saves soon; many changes in a row are one write. */
  touch(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.save(), QUIET_MS);
  }

  /** Saves for the last time: the folder belongs to its owner again. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.save();
  }

  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.#read()));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
