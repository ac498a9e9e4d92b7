import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaShelf } from '../domain/ports.js';

const isMissing = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files in a folder of their own, named by their messages, readable by nobody else. A half-written one is never seen. */
export function createMediaShelf(folder: string): MediaShelf {
  const fileOf = (messageId: string) => join(folder, messageId);

  return {
    async keep(messageId, bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const partial = `${fileOf(messageId)}.part`;
      try {
        await writeSynced(partial, bytes);
        await rename(partial, fileOf(messageId));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
      await syncFolder(folder);
    },
    has: (messageId) => existsSync(fileOf(messageId)),
    async read(messageId) {
      try {
        return await readFile(fileOf(messageId));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    discard: (messageId) => rm(fileOf(messageId), { force: true }),
    async sweep(isNeeded, writtenBefore) {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      for (const name of names) {
        const file = join(folder, name);
        // What was just written may belong to a message that is being accepted.
        if (!isNeeded(name) && (await stat(file)).mtimeMs < writtenBefore) await rm(file, { force: true });
      }
    },
  };
}
