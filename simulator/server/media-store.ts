import { createHash } from 'node:crypto';

/** Media by path. Kept in memory only. */
export class MediaStore {
  readonly #blobs = new Map<string, Buffer>();

  put(filehash: string, data: Buffer): void {
    this.#blobs.set(filehash, data);
  }

  /** Stores what a phone sends; returns its hash, which is also its path. */
  add(data: Buffer): string {
    const filehash = createHash('sha256').update(data).digest('base64url');
    this.put(filehash, data);
    return filehash;
  }

  get(filehash: string): Buffer | undefined {
    return this.#blobs.get(filehash);
  }
}
