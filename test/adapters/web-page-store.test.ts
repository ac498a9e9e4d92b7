import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWebPageStore } from '../../src/adapters/web-page-store.js';
import type { WebPageStore } from '../../src/domain/store-ports.js';

const NOON = Date.UTC(2026, 10, 21, 12);
const MINUTE_MS = 60_000;

describe('the kept pages of WhatsApp Web', () => {
  let folder: string;
  let dir: string;
  let store: WebPageStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-pages-'));
    dir = join(folder, 'web-versions');
    store = createWebPageStore({ dir, keepVersions: 2 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are none at first', () => {
    expect([store.versions(), store.read('2.3000.1'), store.held()]).toEqual([[], null, null]);
  });

  test('are kept once, for their owner only', () => {
    expect(store.worked('2.3000.1', '<html>one</html>', NOON)).toBe(true);
    expect(store.worked('2.3000.1', '<html>another</html>', NOON)).toBe(false);
    expect(store.read('2.3000.1')).toBe('<html>one</html>');
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, '2.3000.1.html')).mode & 0o777).toBe(0o600);
  });

  test('are named by when they worked last, and the oldest go', () => {
    store.worked('2.3000.1', 'one', NOON);
    store.worked('2.3000.2', 'two', NOON + MINUTE_MS);
    store.worked('2.3000.1', null, NOON + 2 * MINUTE_MS);
    expect(store.versions()).toEqual(['2.3000.1', '2.3000.2']);
    store.worked('2.3000.3', 'three', NOON + 3 * MINUTE_MS);
    expect(store.versions()).toEqual(['2.3000.3', '2.3000.1']);
  });

  test('are not kept without their HTML, nor under a name that leads elsewhere', () => {
    expect(store.worked('2.3000.1', null, NOON)).toBe(false);
    expect(store.worked('../outside', 'x', NOON)).toBe(false);
    expect(store.worked('9/../../outside', 'x', NOON)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('can be forgotten', () => {
    store.worked('2.3000.1', 'one', NOON);
    store.forget('2.3000.1');
    store.forget('2.3000.1');
    expect(store.versions()).toEqual([]);
  });

  test('know on which one the fleet was held, also after a restart', () => {
    const held = { mode: 'held', bad: null, on: '2.3000.1', since: NOON, retryAt: NOON + 1 } as const;
    store.saveHeld({ ...held, canary: 'sales', failures: 1 });
    const again = createWebPageStore({ dir, keepVersions: 2 });
    expect(again.held()).toEqual({ ...held, canary: null, failures: 0 });
    again.saveHeld(null);
    expect(again.held()).toBeNull();
  });

  test('do without what was written there by somebody else', () => {
    store.worked('2.3000.1', 'one', NOON);
    writeFileSync(join(dir, 'held.json'), '{"mode":"held"');
    writeFileSync(join(dir, 'notes.html'), 'x');
    expect([store.held(), store.versions()]).toEqual([null, ['2.3000.1']]);
  });
});
