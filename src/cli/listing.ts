import type { Command } from 'commander';
import { z } from 'zod';
import { pageOf, read } from './answers.js';
import { type Connection, parseCount } from './connection.js';

const LARGEST_PAGE = 500;
/** How many of the newest a person is shown who did not say. */
export const DEFAULT_LAST = 20;

export interface ListOptions {
  last?: number;
  after?: string;
  limit?: number;
}

/** The options of commands that list what grows, oldest first. */
export function addListOptions(command: Command): Command {
  return command
    .option('--last <n>', `the newest n (${DEFAULT_LAST} unless told otherwise)`, parseCount(10_000))
    .option('--after <position>', 'one page behind this position, as `next` of --json names it')
    .option('--limit <n>', 'size of that page', parseCount(LARGEST_PAGE));
}

/**
 * A list of the service: one page as it is when that was asked for, or for scripts; else its newest entries, for which
 * the whole list is read, since it begins with the oldest.
 */
export async function listOf<T>(
  { client, print }: Connection,
  path: string,
  item: z.ZodType<T>,
  { last, after, limit, ...filters }: ListOptions & Readonly<Record<string, string | number | undefined>>,
): Promise<{ answer: unknown; items: T[]; next: string | null }> {
  if (last === undefined && (print.isJson || after !== undefined || limit !== undefined)) {
    const answer = await client.json('GET', path, { query: { ...filters, after, limit } });
    const { items, next = null } = read(pageOf(item), answer);
    return { answer, items, next };
  }
  const wanted = last ?? DEFAULT_LAST;
  let newest: unknown[] = [];
  let position: string | undefined = after;
  do {
    const answer = await client.json('GET', path, { query: { ...filters, after: position, limit: LARGEST_PAGE } });
    const page = read(pageOf(z.unknown()), answer);
    newest = [...newest, ...page.items].slice(-wanted);
    position = page.next;
  } while (position !== undefined);
  return { answer: { items: newest }, items: newest.map((entry) => read(item, entry)), next: null };
}
