import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMediaFiles } from '../../src/adapters/media-files.js';
import { createMediaLinks } from '../../src/adapters/media-links.js';

describe('files that came with messages', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-media-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const place = () => join(folder, 'media', 'inbox');
  const give =
    (...pieces: string[]) =>
    async (take: (bytes: Uint8Array) => Promise<void>) => {
      for (const piece of pieces) await take(Buffer.from(piece));
      return true;
    };

  test('are written in pieces, for the owner only', async () => {
    const files = createMediaFiles(place());
    expect(await files.keep('med_1', give('hel', 'lo'))).toBe(5);
    const path = files.find('med_1') ?? '';
    expect(readFileSync(path, 'utf8')).toBe('hello');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(place()).mode & 0o777).toBe(0o700);
  });

  test('are not there before all of it has come, and not at all when it did not', async () => {
    const files = createMediaFiles(place());
    await files.keep('med_1', async (take) => {
      await take(Buffer.from('half'));
      expect(files.find('med_1')).toBeNull();
      return false;
    });
    const broken = files.keep('med_2', async (take) => {
      await take(Buffer.from('half'));
      throw new Error('the page is gone');
    });
    await expect(broken).rejects.toThrow('the page is gone');
    expect(readdirSync(place())).toEqual([]);
  });

  test('take nothing more that comes too late', async () => {
    let late: (bytes: Uint8Array) => Promise<void> = async () => {};
    await createMediaFiles(place()).keep('med_1', async (take) => {
      late = take;
      return true;
    });
    await expect(late(Buffer.from('more'))).rejects.toThrow();
  });

  test('are removed, one by one and what nobody needs, halves as well', async () => {
    const files = createMediaFiles(place());
    await files.sweep(() => false);
    for (const id of ['med_1', 'med_2', 'med_3']) await files.keep(id, give(id));
    writeFileSync(join(place(), 'med_3.part'), 'being written');
    writeFileSync(join(place(), 'med_4.part'), 'left over by a kill');
    await files.remove('med_1');
    await files.remove('med_1');
    await files.sweep((id) => id === 'med_3');
    expect(readdirSync(place()).toSorted()).toEqual(['med_3', 'med_3.part']);
  });
});

describe('links to files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-links-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const make = (base: string | null = 'https://wakeful.example.com') =>
    createMediaLinks({ secretFile: join(folder, 'data', 'secret'), mediaDir: '/data/inbox', baseUrl: () => base });
  function read(url: string) {
    const { pathname, searchParams, origin } = new URL(url);
    const signature = searchParams.get('signature') ?? '';
    return { origin, id: pathname.replace('/media/', ''), expiresAt: Number(searchParams.get('expires')), signature };
  }

  test('hold all that is needed to check them, also after a restart', () => {
    const link = make().create(5_000);
    const { origin, id, expiresAt, signature } = read(link.url);
    expect({ origin, id, expiresAt }).toEqual({ origin: 'https://wakeful.example.com', id: link.id, expiresAt: 5_000 });
    expect(make().isGenuine(id, expiresAt, signature)).toBe(true);
  });

  test.each([
    ['https://wakeful.example.com/', 'https://wakeful.example.com/media/med_'],
    ['https://example.com/wakeful/', 'https://example.com/wakeful/media/med_'],
    ['http://0.0.0.0:3000', 'http://127.0.0.1:3000/media/med_'],
    ['http://[::]:3000', 'http://[::1]:3000/media/med_'],
    [null, 'file:///data/inbox/med_'],
  ])('begin at %s with %s', (base, beginning) => {
    expect(make(base).create(5_000).url.startsWith(beginning)).toBe(true);
  });

  test('cannot be changed: no other file, no later end', () => {
    const links = make();
    const { id, expiresAt, signature } = read(links.create(5_000).url);
    const other = read(links.create(5_000).url);
    expect(links.isGenuine(other.id, expiresAt, signature)).toBe(false);
    expect(links.isGenuine(id, 5_001, signature)).toBe(false);
    expect(links.isGenuine(id, expiresAt, '')).toBe(false);
    expect(links.isGenuine(id, expiresAt, `${signature}x`)).toBe(false);
  });

  test('are worth nothing under another secret, which only the owner can read', () => {
    const { id, expiresAt, signature } = read(make().create(5_000).url);
    const secret = join(folder, 'data', 'secret');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    rmSync(secret);
    expect(make().isGenuine(id, expiresAt, signature)).toBe(false);
    writeFileSync(secret, '');
    expect(() => make()).toThrow(/secret is damaged\. Delete it/);
  });
});
