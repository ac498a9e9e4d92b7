import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of the cgroup of this process and all above it (v2: a container, a systemd service): a limit on any of them
 * binds. Empty where there are none. `root` is the folder that `proc` and `sys` are in.
 */
export function cgroupFolders(root: string): string[] {
  const mount = join(root, 'sys/fs/cgroup');
  const path = textOf(join(root, 'proc/self/cgroup'))?.match(/^0::(\/.*)$/m)?.[1];
  if (path === undefined) return [];
  const folders = [mount];
  for (let folder = join(mount, path); folder.length > mount.length + 1; folder = dirname(folder)) folders.push(folder);
  return folders;
}

/** What a file of the kernel says; null where it is not there, as on another system. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
