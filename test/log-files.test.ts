import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashKey } from '../src/api/keys.js';
import { FAILED_REQUEST, liveWholeLife, SECRETS } from './support/whole-life.js';

describe('R29 the log files of a whole life', () => {
  let folder: string;
  let madeKey: string;
  let log: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-life-'));
    ({ madeKey } = await liveWholeLife(join(folder, 'data')));
    const logs = join(folder, 'data', 'logs');
    log = readdirSync(logs)
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('tell of all of it', () => {
    const events = new Set([...log.matchAll(/"event":"([^"]+)"/g)].map(([, event]) => event));
    expect([...events]).toEqual(
      expect.arrayContaining([
        ...['session.created', 'session.qr_shown', 'session.connected', 'session.lost', 'session.attempt'],
        ...['session.gave_up', 'session.logged_out', 'message.received', 'message.accepted', 'message.sent'],
        ...[
          'message.failed',
          'webhook.delivered',
          'webhook.failing',
          'webhook.dead',
          'api.request_failed',
          'api.audit',
        ],
      ]),
    );
  });

  test.each(Object.entries(SECRETS))('hold nothing of the %s', (_, secret) => {
    // Not `toContain`: a failure would print the whole log.
    expect(log.includes(secret)).toBe(false);
    expect(log.includes(secret.replace(/[ -]/g, ''))).toBe(false);
  });

  test('hold nothing of a key that was made, nor of its hash', () => {
    expect(madeKey).toMatch(/^wk_/);
    expect([madeKey, madeKey.slice(3), hashKey(madeKey)].filter((secret) => log.includes(secret))).toEqual([]);
  });

  const searches = [...readFileSync('docs/monitoring.md', 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)]
    .map(([, block = '']) => block)
    .filter((block) => block.includes('data/logs/'))
    .flatMap((block) => block.trim().split('\n\n'))
    .map((search) => ({ what: search.split('\n')[0] ?? '', search }));

  test('are searched in docs/monitoring.md', () => {
    expect(searches.length).toBeGreaterThan(10);
  });

  test.each(searches)('give something to the search "$what"', ({ search }) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-o', 'pipefail', '-c', search], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout.trim()).not.toBe('');
    if (search.includes('jq')) expect(stdout).not.toMatch(/\bnull\b/);
  });

  test('name the request that failed', () => {
    expect(log.includes(`"requestId":"${FAILED_REQUEST}"`)).toBe(true);
  });
});
