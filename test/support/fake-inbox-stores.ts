import type { IncomingMessage } from '../../src/domain/message.js';
import { amended, isNewReaction, type MessageChange, type MessageNews } from '../../src/domain/message-news.js';
import type { InboxMedia } from '../../src/domain/received-media.js';
import type { InboxMediaStore, InboxStore, LidStore } from '../../src/domain/store-ports.js';
import { full } from './fake-stores.js';

const DAY_MS = 86_400_000;
type Row = { sessionId: string; seq: number; message: IncomingMessage; at: number; blank: boolean };
type Reaction = { key: string; emoji: string; timestamp: number };

/** What is known of received files, in memory. */
export class FakeInboxMediaStore implements InboxMediaStore {
  broken = false;
  readonly rows = new Map<string, InboxMedia>();

  /** What the inbox does when a message with a link comes. */
  expect(sessionId: string, { id, media }: IncomingMessage, at: number): void {
    if (!media?.link) return;
    const { mimeType, fileName, sizeBytes, link } = media;
    const waiting = { state: 'waiting', failure: null, attempts: 0, dueAt: at, createdAt: at } as const;
    const { expiresAt } = link;
    const row = { id: link.id, sessionId, waMessageId: id, mimeType, fileName, sizeBytes, expiresAt, ...waiting };
    this.rows.set(link.id, row);
  }

  get(id: string): InboxMedia | null {
    if (this.broken) throw full();
    return this.rows.get(id) ?? null;
  }

  nextWaiting(sessionId: string): InboxMedia | null {
    if (this.broken) throw full();
    const waiting = [...this.rows.values()].filter((row) => row.sessionId === sessionId && row.state === 'waiting');
    return waiting.toSorted((a, b) => a.dueAt - b.dueAt || a.createdAt - b.createdAt)[0] ?? null;
  }

  update(id: string, change: Parameters<InboxMediaStore['update']>[1]): void {
    const row = this.rows.get(id);
    if (row) this.rows.set(id, { ...row, ...change });
  }

  evict(maxTotalBytes: number): string[] {
    const kept = [...this.rows.values()].filter(({ state }) => state === 'kept');
    const oldestFirst = kept.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
    let bytes = oldestFirst.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const evicted: string[] = [];
    for (const { id, sizeBytes } of oldestFirst) {
      if (bytes <= maxTotalBytes) break;
      this.update(id, { state: 'failed', failure: 'media_evicted' });
      evicted.push(id);
      bytes -= sizeBytes;
    }
    return evicted;
  }

  removeExpired(now: number): string[] {
    const expired = [...this.rows.values()].filter(({ expiresAt }) => expiresAt <= now).map(({ id }) => id);
    for (const id of expired) this.rows.delete(id);
    return expired;
  }
}

/** Received messages in memory; their ids outlive them by a day, so that a catch-up does not take them anew. */
export class FakeInboxStore implements InboxStore {
  broken = false;
  readonly media: FakeInboxMediaStore;
  readonly #newest = new Map<string, { timestamp: number; seq: number }>();
  readonly #gaps = new Map<string, number>();
  #reactions: Reaction[] = [];
  #rows: Row[] = [];

  constructor(media = new FakeInboxMediaStore()) {
    this.media = media;
  }

  insert(sessionId: string, message: IncomingMessage, at: number): boolean {
    this.#touch();
    if (this.#rows.some((row) => row.sessionId === sessionId && row.message.id === message.id)) return false;
    const newest = this.#newest.get(sessionId);
    const seq = (newest?.seq ?? 0) + 1;
    const timestamp = Math.max(newest?.timestamp ?? 0, Math.min(message.timestamp, at));
    this.#newest.set(sessionId, { seq, timestamp });
    this.#rows.push({ sessionId, seq, message, at, blank: false });
    this.media.expect(sessionId, message, at);
    return true;
  }

  change(sessionId: string, news: MessageNews): MessageChange | null {
    this.#touch();
    if (news.kind === 'reacted') {
      const { messageId, from, fromLid, emoji, timestamp } = news.reaction;
      const key = JSON.stringify([sessionId, messageId, fromLid ?? from]);
      const known = this.#reactions.find((reaction) => reaction.key === key) ?? null;
      if (!isNewReaction(news.reaction, known)) return null;
      this.#reactions = [...this.#reactions.filter((reaction) => reaction !== known), { key, emoji, timestamp }];
      return news;
    }
    const row = this.#rows.find((one) => one.sessionId === sessionId && one.message.id === news.id && !one.blank);
    const message = row ? amended(row.message, news) : null;
    if (!row || !message) return null;
    const fileId = row.message.media?.link?.id ?? null;
    row.message = message;
    if (news.kind !== 'revoked') return { kind: news.kind, message };
    if (fileId !== null) this.media.rows.delete(fileId);
    return { kind: 'revoked', message, fileId };
  }

  list(sessionId: string, { after, limit }: { after: number; limit: number }) {
    return this.#rows
      .filter((row) => row.sessionId === sessionId && row.seq > after && !row.blank)
      .slice(0, limit)
      .map(({ seq, message }) => ({ seq, message }));
  }

  newestTimestamp(sessionId: string): number | null {
    return this.#newest.get(sessionId)?.timestamp ?? null;
  }

  gapSince(sessionId: string): number | null {
    return this.#gaps.get(sessionId) ?? null;
  }

  saveGapSince(sessionId: string, sinceMs: number | null): void {
    this.#touch();
    if (sinceMs === null) this.#gaps.delete(sessionId);
    else this.#gaps.set(sessionId, sinceMs);
  }

  prune(at: number): number {
    this.#touch();
    this.#reactions = this.#reactions.filter(({ timestamp }) => timestamp >= at);
    const blanked = this.#rows.filter((row) => row.at < at && !row.blank);
    for (const row of blanked) row.blank = true;
    const horizon = ({ sessionId }: Row) => (this.newestTimestamp(sessionId) ?? 0) - DAY_MS;
    this.#rows = this.#rows.filter((row) => row.at >= at || row.message.timestamp >= horizon(row));
    return blanked.length;
  }

  #touch(): void {
    if (this.broken) throw full();
  }
}

/** Numbers behind LIDs, in memory. */
export class FakeLidStore implements LidStore {
  readonly #phones = new Map<string, string>();

  phoneOf(lid: string): string | null {
    return this.#phones.get(lid) ?? null;
  }

  learn(lid: string, phone: string): void {
    this.#phones.set(lid, phone);
  }
}
