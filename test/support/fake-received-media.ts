import type { MediaFiles, MediaLinks } from '../../src/domain/ports.js';
import { createMediaRoom, type MediaRoom } from '../../src/session/media-room.js';
import { FakeInboxMediaStore } from './fake-inbox-stores.js';

/** Files in memory. */
export class FakeMediaFiles implements MediaFiles {
  readonly kept = new Map<string, Buffer>();

  async keep(id: string, write: Parameters<MediaFiles['keep']>[1]): Promise<number> {
    const pieces: Uint8Array[] = [];
    const complete = await write(async (piece) => void pieces.push(piece));
    const bytes = Buffer.concat(pieces);
    if (complete) this.kept.set(id, bytes);
    return bytes.length;
  }

  find(id: string): string | null {
    return this.kept.has(id) ? `/files/${id}` : null;
  }

  async remove(id: string): Promise<void> {
    this.kept.delete(id);
  }

  async sweep(isNeeded: (id: string) => boolean): Promise<void> {
    for (const id of this.kept.keys()) if (!isNeeded(id)) this.kept.delete(id);
  }
}

/** Links whose signature is `genuine`, numbered. */
export function fakeLinks(): MediaLinks {
  let count = 0;
  return {
    create(expiresAt) {
      count += 1;
      return { id: `med_${count}`, url: `http://here/media/med_${count}`, expiresAt };
    },
    isGenuine: (_id, _expiresAt, signature) => signature === 'genuine',
  };
}

export function fakeMediaRoom(store = new FakeInboxMediaStore()): MediaRoom & {
  store: FakeInboxMediaStore;
  files: FakeMediaFiles;
} {
  const files = new FakeMediaFiles();
  return { ...createMediaRoom(store, files), store, files };
}
