import type { Page } from 'puppeteer';
import { z } from 'zod';
import type { Person } from '../../domain/person.js';
import type { MissedNews } from '../../domain/ports.js';
import { incomingMessage, revocationsOf } from './incoming.js';
import { chatsWithNews, missedMessages } from './page-missed.js';

export interface MissedContext {
  page: Page;
  /** Messages that were written on the phone count as well. */
  includeOwn: boolean;
  /** Finds the numbers of those whom the page could not name. */
  named: <P extends Person>(people: P[]) => Promise<P[]>;
}

/** Loads of older messages per chat, about 50 messages each: a busy group may have been away for long. */
const PAGES_BACK = 100;

const chatIdsSchema = z.array(z.string());
const modelsSchema = z.array(z.unknown());

/** Reads what came since a time, chat by chat: all of it at once could be more than one answer of the page can hold. */
export async function readMissed({ page, includeOwn, named }: MissedContext, sinceMs: number): Promise<MissedNews> {
  const sinceSeconds = Math.floor(sinceMs / 1000);
  const now = Date.now();
  const found: MissedNews = { messages: [], news: [] };
  for (const chatId of chatIdsSchema.parse(await page.evaluate(chatsWithNews, sinceSeconds))) {
    const models = await page.evaluate(missedMessages, chatId, sinceSeconds, PAGES_BACK, includeOwn);
    for (const model of modelsSchema.parse(models)) {
      const message = incomingMessage(model);
      if (message === null) found.news.push(...revocationsOf(model, now));
      else found.messages.push(message);
    }
  }
  // Stable: within a second the order of each chat stays.
  found.messages.sort((a, b) => a.timestamp - b.timestamp);
  return { ...found, messages: await named(found.messages) };
}
