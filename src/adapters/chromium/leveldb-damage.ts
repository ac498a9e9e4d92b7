import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './process-tree.js';

const MANIFEST_NAME = /^MANIFEST-\d+\n$/;
const TABLE = /^(\d+)\.ldb$/;
/** What every complete table ends with, as leveldb writes it (`kTableMagicNumber`, little endian). */
const TABLE_END = Buffer.from('57fb808b247547db', 'hex');

/**
 * Why a leveldb folder cannot be whole, null when nothing speaks against it. Cheap: reads no data. What it does not see,
 * Chromium sees when it opens the database: it then deletes what it cannot read, and the page finds no login.
 */
export async function leveldbDamage(dir: string): Promise<string | null> {
  const names = await readdir(dir).catch((error: unknown): string[] => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const tables = names.filter((name) => TABLE.test(name));
  // A database that a kill interrupted while it was made: it has nothing to lose.
  if (tables.length === 0 && !names.some((name) => /^MANIFEST-|\.log$|^CURRENT$/.test(name))) return null;
  if (!names.includes('CURRENT')) return 'CURRENT is missing';
  const current = await readFile(join(dir, 'CURRENT'), 'latin1');
  if (!MANIFEST_NAME.test(current)) return 'CURRENT names no manifest';
  const manifest = await stat(join(dir, current.trim())).catch(() => null);
  if (manifest === null) return `${current.trim()} is missing`;
  if (manifest.size === 0) return `${current.trim()} is empty`;
  // Only the newest table can be one that a kill interrupted while it was written: leveldb drops that by itself.
  const newest = Math.max(...tables.map(tableNumber));
  for (const name of tables) {
    if (tableNumber(name) < newest && !(await hasEnd(join(dir, name)))) return `${name} is cut off`;
  }
  return null;
}

function tableNumber(name: string): number {
  return Number(TABLE.exec(name)?.[1]);
}

async function hasEnd(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size < TABLE_END.length) return false;
    const { buffer } = await file.read(Buffer.alloc(TABLE_END.length), 0, TABLE_END.length, size - TABLE_END.length);
    return buffer.equals(TABLE_END);
  } finally {
    await file.close();
  }
}
