import type { Page } from '../../src/domain/store-ports.js';

/** A page of what is there; positions are indexes. */
export function pageOf<T>(all: T[], { after, limit }: { after: number; limit: number }): Page<T> {
  const items = all.slice(after, after + limit);
  return after + limit < all.length ? { items, next: String(after + limit) } : { items };
}
