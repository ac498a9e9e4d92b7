import type { Credentials, WireMessage } from '../frame.js';

const DATABASE = 'wawc';
const TABLES = ['session', 'unsent', 'ballast'] as const;
type Table = (typeof TABLES)[number];

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'));
  });
}

/** What the page keeps in the browser profile. The credentials are here and nowhere else: the profile is the session. */
export class Vault {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  static async open(): Promise<Vault> {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      for (const table of TABLES) request.result.createObjectStore(table);
    };
    return new Vault(await settled(request));
  }

  async credentials(): Promise<Credentials | null> {
    const found: unknown = await this.#read('session', 'credentials');
    return (found as Credentials | undefined) ?? null;
  }

  async keepCredentials(credentials: Credentials): Promise<void> {
    await this.#write('session', 'credentials', credentials);
  }

  async wipe(): Promise<void> {
    for (const table of TABLES) {
      const transaction = this.#database.transaction(table, 'readwrite');
      await settled(transaction.objectStore(table).clear());
    }
  }

  async keepUnsent(message: WireMessage): Promise<void> {
    await this.#write('unsent', message.id, message);
  }

  async dropUnsent(id: string): Promise<void> {
    await settled(this.#database.transaction('unsent', 'readwrite').objectStore('unsent').delete(id));
  }

  async unsent(): Promise<WireMessage[]> {
    const all = await settled(this.#database.transaction('unsent').objectStore('unsent').getAll());
    return all as WireMessage[];
  }

  /** Fills the profile up, so that its size can be tested. Done once per profile. */
  async fill(megabytes: number): Promise<void> {
    if (megabytes <= 0 || (await this.#read('ballast', 'size')) === megabytes) return;
    for (let index = 0; index < megabytes; index += 1) {
      const block = new Uint8Array(1024 * 1024);
      for (let offset = 0; offset < block.length; offset += 65_536) {
        crypto.getRandomValues(block.subarray(offset, offset + 65_536));
      }
      await this.#write('ballast', `block-${index}`, block);
    }
    await this.#write('ballast', 'size', megabytes);
  }

  async #read(table: Table, key: string): Promise<unknown> {
    return settled(this.#database.transaction(table).objectStore(table).get(key));
  }

  async #write(table: Table, key: string, value: unknown): Promise<void> {
    const transaction = this.#database.transaction(table, 'readwrite');
    await settled(transaction.objectStore(table).put(value, key));
  }
}
