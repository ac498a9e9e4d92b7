import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMediaShelf } from '../../src/adapters/media-shelf.js';
import type { MediaShelf } from '../../src/domain/ports.js';
import { FakeMediaShelf } from '../support/fake-media.js';

const BYTES = Uint8Array.from({ length: 5000 }, (_, index) => index % 256);

function mediaShelfContract(make: () => MediaShelf): void {
  test('gives back what it keeps', async () => {
    const shelf = make();
    expect(shelf.has('m1')).toBe(false);
    expect(await shelf.read('m1')).toBeNull();
    await shelf.keep('m1', BYTES);
    expect(shelf.has('m1')).toBe(true);
    expect(Uint8Array.from((await shelf.read('m1')) ?? [])).toEqual(BYTES);
  });

  test('keeps the newest of one message', async () => {
    const shelf = make();
    await shelf.keep('m1', BYTES);
    await shelf.keep('m1', Uint8Array.of(1));
    expect([...((await shelf.read('m1')) ?? [])]).toEqual([1]);
  });

  test('discards what is there and what is not', async () => {
    const shelf = make();
    await shelf.keep('m1', BYTES);
    await shelf.discard('m1');
    await shelf.discard('m1');
    expect(shelf.has('m1')).toBe(false);
  });

  test('sweeps away what nobody needs', async () => {
    const shelf = make();
    await shelf.sweep(() => true, Number.POSITIVE_INFINITY);
    for (const id of ['m1', 'm2']) await shelf.keep(id, BYTES);
    await shelf.sweep((id) => id === 'm2', Number.POSITIVE_INFINITY);
    expect([shelf.has('m1'), shelf.has('m2')]).toEqual([false, true]);
  });
}

describe('a media shelf in memory', () => mediaShelfContract(() => new FakeMediaShelf()));

describe('a media shelf on disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-media-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const dir = () => join(folder, 'media', 'outbox');

  mediaShelfContract(() => createMediaShelf(dir()));

  test('is readable by its owner only', async () => {
    await createMediaShelf(dir()).keep('m1', BYTES);
    expect(statSync(dir()).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir(), 'm1')).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir())).toEqual(['m1']);
  });

  test('leaves alone what was just written: its message may be about to be accepted', async () => {
    const shelf = createMediaShelf(dir());
    for (const id of ['old', 'new']) await shelf.keep(id, BYTES);
    writeFileSync(join(dir(), 'half.part'), '');
    const anHourAgo = Date.now() / 1000 - 3600;
    for (const name of ['old', 'half.part']) utimesSync(join(dir(), name), anHourAgo, anHourAgo);
    await shelf.sweep(() => false, Date.now() - 60_000);
    expect(readdirSync(dir())).toEqual(['new']);
  });

  test('leaves nothing half-written behind when it cannot write', async () => {
    // A folder that is not empty in the place of the file.
    mkdirSync(join(dir(), 'm1', 'x'), { recursive: true });
    await expect(createMediaShelf(dir()).keep('m1', BYTES)).rejects.toThrow();
    expect(readdirSync(dir())).toEqual(['m1']);
  });
});
