import type { Wait } from './wait.js';

/** A file that came with a message. */
export interface ReceivedMedia {
  /** As its sender says: not to be trusted. */
  mimeType: string;
  fileName: string | null;
  sizeBytes: number;
  /** Where its bytes are fetched; null when they are not kept, since the file is too large. */
  link: MediaLink | null;
}

export interface MediaLink {
  id: string;
  /** Needs no key: whoever has it may fetch the file until it expires. */
  url: string;
  /** Milliseconds since 1970; the file is deleted then. */
  expiresAt: number;
}

/** Why a file is not there: it came to nothing, WhatsApp has it no longer, it is too large, or made room for newer ones. */
export const MEDIA_FAILURES = ['media_unavailable', 'media_too_large', 'media_evicted'] as const;
export type MediaFailure = (typeof MEDIA_FAILURES)[number];

/** The record of a file: what is known of it, and how far it has come. */
export interface InboxMedia {
  id: string;
  sessionId: string;
  waMessageId: string;
  mimeType: string;
  fileName: string | null;
  sizeBytes: number;
  state: 'waiting' | 'kept' | 'failed';
  failure: MediaFailure | null;
  /** Downloads that failed. */
  attempts: number;
  /** Not to be downloaded before. */
  dueAt: number;
  expiresAt: number;
  createdAt: number;
}

/** Waits after each download that failed. WhatsApp may have to ask the sender's phone for the file again. */
const RETRY_DELAYS_MS = [5_000, 30_000, 3 * 60_000, 15 * 60_000, 60 * 60_000];

/** What becomes of a file after a download that failed: tried again later, or given up. */
export function afterFailure(
  { attempts }: Pick<InboxMedia, 'attempts'>,
  failure: MediaFailure,
  now: number,
): Pick<InboxMedia, 'state' | 'failure' | 'attempts' | 'dueAt'> {
  const delayMs = failure === 'media_too_large' ? undefined : RETRY_DELAYS_MS[attempts];
  return delayMs === undefined
    ? { state: 'failed', failure, attempts: attempts + 1, dueAt: now }
    : { state: 'waiting', failure, attempts: attempts + 1, dueAt: now + delayMs };
}

/** The time in which a file is left alone: since it became known, or since the download that failed. */
export function waitOf({ attempts, dueAt }: Pick<InboxMedia, 'attempts' | 'dueAt'>): Wait {
  return { since: dueAt - (RETRY_DELAYS_MS[attempts - 1] ?? 0), until: dueAt };
}

/** The type under which a file may be given out; what a sender wrote there is no header of ours. */
export function safeMimeType(mimeType: string): string {
  return /^[\w.+-]{1,64}\/[\w.+-]{1,64}(; ?[\w-]{1,32}=[\w.+-]{1,64}){0,4}$/.test(mimeType)
    ? mimeType
    : 'application/octet-stream';
}
