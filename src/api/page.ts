import { z } from 'zod';
import type { Page } from '../domain/store-ports.js';

/** The schema of a page of a list. */
export function pageSchema(item: z.ZodType): z.ZodType {
  return z.object({
    items: z.array(item),
    next: z.string().optional().describe('For `?after=`; absent on the last page'),
  });
}

/** A page out of a list that was read with one entry more than `limit`, to know whether it goes on. */
export function pageOfRead<T>(read: readonly T[], limit: number, positionOf: (item: T) => string): Page<T> {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return read.length > limit && last !== undefined ? { items, next: positionOf(last) } : { items };
}

/** A page out of a whole list; without a limit the whole of it behind `after`. An unknown `after` starts anew. */
export function pageOfWhole<T>(
  whole: readonly T[],
  query: { after?: string; limit?: number },
  positionOf: (item: T) => string,
): Page<T> {
  const start = query.after === undefined ? 0 : whole.findIndex((item) => positionOf(item) === query.after) + 1;
  return pageOfRead(whole.slice(start), query.limit ?? whole.length, positionOf);
}
