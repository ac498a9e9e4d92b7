import { readFile } from 'node:fs/promises';
import { membersOfGroups } from './process-tree.js';

const BYTES_PER_KB = 1024;

/**
 * Memory of some processes together, in bytes. Shared pages count once (PSS): the sum of RSS more than doubles what a
 * browser really takes. Where PSS may not be read, RSS; processes that have ended count nothing.
 */
export async function memoryBytes(pids: readonly number[]): Promise<number> {
  const parts = await Promise.all(pids.map(processMemoryBytes));
  return parts.reduce((sum, bytes) => sum + bytes, 0);
}

/** Memory of whole process groups (one browser each) in bytes, with one walk through /proc for all of them. */
export async function groupMemoryBytes(groupIds: readonly number[]): Promise<Map<number, number>> {
  const memory = new Map<number, number>();
  // One browser after the other: PSS makes the kernel walk every page table.
  for (const [groupId, pids] of await membersOfGroups(groupIds)) memory.set(groupId, await memoryBytes(pids));
  return memory;
}

async function processMemoryBytes(pid: number): Promise<number> {
  return (
    (await kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB/m)) ??
    (await kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m)) ??
    0
  );
}

async function kilobytes(file: string, line: RegExp): Promise<number | null> {
  try {
    const digits = (await readFile(file, 'utf8')).match(line)?.[1];
    return digits === undefined ? null : Number(digits) * BYTES_PER_KB;
  } catch {
    return null;
  }
}
