import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MediaLinks } from '../domain/ports.js';

interface MediaLinksOptions {
  /** Made when it is not there. Whoever deletes it makes every link that was given out worthless. */
  secretFile: string;
  /** Where the files are. */
  mediaDir: string;
  /** Where the API is reached; null when nobody listens, so that only the program itself can open a file. */
  baseUrl: () => string | null;
}

/**
 * Links that need no key, since they are handed on to receivers that have none: the signature says that we gave out
 * this file until this time, and nothing else can be reached by it.
 */
export function createMediaLinks({ secretFile, mediaDir, baseUrl }: MediaLinksOptions): MediaLinks {
  const secret = readSecret(secretFile);
  const sign = (id: string, expiresAt: number) =>
    createHmac('sha256', secret).update(`${id} ${expiresAt}`).digest('base64url');
  return {
    create(expiresAt) {
      const id = `med_${randomUUID()}`;
      const base = baseUrl();
      if (base === null) return { id, url: pathToFileURL(join(mediaDir, id)).href, expiresAt };
      const query = new URLSearchParams({ expires: String(expiresAt), signature: sign(id, expiresAt) });
      return { id, url: `${reachable(base)}/media/${id}?${query}`, expiresAt };
    },
    isGenuine(id, expiresAt, signature) {
      const [ours, theirs] = [sign(id, expiresAt), signature].map((text) => Buffer.from(text)) as [Buffer, Buffer];
      return ours.length === theirs.length && timingSafeEqual(ours, theirs);
    },
  };
}

/** Who listens on every address is reached on this machine by its own. */
function reachable(base: string): string {
  return base.replace(/\/$/, '').replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

function readSecret(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  const secret = readFileSync(file, 'utf8').trim();
  // Half written when the power went: anybody could guess an empty one.
  if (secret.length < 64)
    throw new Error(`The file ${file} is damaged. Delete it: links to files given out so far end.`);
  return secret;
}
