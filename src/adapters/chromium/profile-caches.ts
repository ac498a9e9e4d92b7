import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What Chromium can build again, relative to the profile folder. Never IndexedDB, Local Storage or cookies: they are the
 * login. "Service Worker" keeps its Database, which says which workers are registered.
 */
const CACHES = [
  'Default/Cache',
  'Default/Code Cache',
  'Default/GPUCache',
  'Default/DawnGraphiteCache',
  'Default/DawnWebGPUCache',
  'Default/Service Worker/CacheStorage',
  'Default/Service Worker/ScriptCache',
  'GPUPersistentCache',
  'GrShaderCache',
  'ShaderCache',
  'GraphiteDawnCache',
  'component_crx_cache',
] as const;

/**
 * Deletes the caches of a profile when they have grown above `maxBytes` together: a warm cache makes a start quicker, one
 * that grows for ever fills the disk. Resolves with the bytes that were freed. Only while no browser runs on it.
 */
export async function pruneCaches(profileDir: string, maxBytes: number): Promise<number> {
  const paths = CACHES.map((cache) => join(profileDir, cache));
  const sizes = await Promise.all(paths.map(sizeBytes));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes <= maxBytes) return 0;
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return bytes;
}

/** Bytes of all files under a path, 0 when there is none. Files that vanish meanwhile count nothing. */
async function sizeBytes(path: string): Promise<number> {
  const stat = await lstat(path).catch(() => null);
  if (stat === null) return 0;
  if (!stat.isDirectory()) return stat.size;
  let bytes = 0;
  for (const name of await readdir(path).catch(() => [])) bytes += await sizeBytes(join(path, name));
  return bytes;
}
