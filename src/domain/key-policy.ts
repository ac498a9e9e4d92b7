import type { ApiKey } from './access-ports.js';

/** How exactly `lastUsedAt` is kept: a write for every request would cost more than it tells. */
const USE_NOTED_EVERY_MS = 60_000;

/** The id of the key that the configuration gives. */
export const ENVIRONMENT_KEY_ID = 'environment';

/** The key is taken at this moment. */
export function isValid(key: ApiKey, now: number): boolean {
  return key.expiresAt === null || now < key.expiresAt;
}

/** The key was not used within the last minute, so that its use is worth a write. */
export function isUseWorthNoting(key: ApiKey, now: number): boolean {
  return key.lastUsedAt === null || Math.abs(now - key.lastUsedAt) >= USE_NOTED_EVERY_MS;
}

/** Whether the key may see and touch that session, which need not exist. */
export function maySee(key: ApiKey, sessionId: string): boolean {
  return key.sessionIds === null || key.sessionIds.includes(sessionId);
}

/** Whether the key may hear of something that tells of several sessions: only when it may see all of them. */
export function maySeeAll(key: ApiKey, sessionIds: readonly string[]): boolean {
  return sessionIds.every((id) => maySee(key, id));
}

/** With one of these somebody can make further keys. */
export function isAdmin(key: ApiKey, now: number): boolean {
  return key.role === 'admin' && isValid(key, now);
}

/** Why this key must stay; null when it may be revoked. */
export function refusalToRevoke(key: ApiKey, all: readonly ApiKey[], now: number): string | null {
  if (key.id === ENVIRONMENT_KEY_ID) {
    return 'This key comes from the configuration (WAKEFUL_API_KEY or apiKey). Change it there and start the service again.';
  }
  const isLast = isAdmin(key, now) && !all.some((other) => other.id !== key.id && isAdmin(other, now));
  return isLast ? 'This is the last key of an admin; nobody could make another one. Make a new admin key first.' : null;
}
