import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaFiles } from '../domain/ports.js';
import { errorCode } from './chromium/process-tree.js';

const PARTIAL = '.part';

/** Files that came with messages, named by their ids in a folder of their own, readable by nobody else. */
export function createMediaFiles(folder: string): MediaFiles {
  const fileOf = (id: string) => join(folder, id);

  return {
    async keep(id, write) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const partial = fileOf(id) + PARTIAL;
      const handle = await open(partial, 'w', 0o600);
      let bytes = 0;
      let complete = false;
      try {
        complete = await write(async (piece) => {
          await handle.writeFile(piece);
          bytes += piece.byteLength;
        });
        if (complete) await handle.sync();
      } finally {
        await handle.close();
        if (!complete) await rm(partial, { force: true });
      }
      if (complete) await rename(partial, fileOf(id));
      return bytes;
    },
    find: (id) => (existsSync(fileOf(id)) ? fileOf(id) : null),
    remove: (id) => rm(fileOf(id), { force: true }),
    async sweep(isNeeded) {
      for (const name of await namesIn(folder)) {
        const id = name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name;
        if (!isNeeded(id)) await rm(join(folder, name), { force: true });
      }
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
