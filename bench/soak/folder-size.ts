import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files below a folder. */
export interface FolderSize {
  readonly files: number;
  readonly bytes: number;
}

const NOTHING: FolderSize = { files: 0, bytes: 0 };

/** All files below a folder, each counted under the name that `sort` gives for its path within the folder. */
export function sizesBelow(folder: string, sort: (path: string) => string): Record<string, FolderSize> {
  const sizes: Record<string, FolderSize> = {};
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stat = lstatSync(join(folder, path), { throwIfNoEntry: false });
    // Gone since the folder was read: a browser at work.
    if (stat === undefined || stat.isDirectory()) continue;
    const kind = sort(path);
    const { files, bytes } = sizes[kind] ?? NOTHING;
    sizes[kind] = { files: files + 1, bytes: bytes + stat.size };
  }
  return sizes;
}

/** The files of one name among those that were sorted. */
export function sizeOf(sizes: Readonly<Record<string, FolderSize>>, kind: string): FolderSize {
  return sizes[kind] ?? NOTHING;
}
