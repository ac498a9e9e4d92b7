import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ERRORS } from '../src/domain/error-catalogue.js';
import { LOG_EVENTS } from '../src/domain/log-event.js';
import { MESSAGE_FAILURES } from '../src/domain/message-failure.js';
import { REASONS, USER_ACTIONS } from '../src/domain/reason.js';
import { RUNGS, STATUSES } from '../src/domain/session-state.js';
import { WEBHOOK_EVENTS } from '../src/domain/webhook.js';
import { type Api, startApi } from './api/support/api-harness.js';

const pages = ['README.md', ...readdirSync('docs').map((name) => join('docs', name))].filter((path) =>
  path.endsWith('.md'),
);
/** Fields of a session that pages name beside settings. */
const FIELDS = ['browser.memoryBytes', 'circuit.resumesAt'];
const textOf = (path: string) => readFileSync(path, 'utf8');

/** First column of the tables of a page, where it is code. */
const rowsOf = (path: string) => [...textOf(path).matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name);

/** Headings as GitHub makes addresses of them. */
const anchorsOf = (path: string) =>
  [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

describe('the documentation', () => {
  test('has in its tables what the code has', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/write-docs.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toBe('docs: everything is up to date\n');
    expect(status).toBe(0);
  });

  test('explains every status, every rung and every user action', () => {
    expect(rowsOf('docs/states.md')).toEqual(expect.arrayContaining([...STATUSES, ...USER_ACTIONS]));
    expect(rowsOf('docs/recovery.md')).toEqual(expect.arrayContaining([...RUNGS]));
  });

  test('says what a send gets in every status', () => {
    const rows = rowsOf('docs/messages.md');
    expect(rows).toEqual(expect.arrayContaining([...STATUSES]));
  });

  test('names every variable of the environment that the configuration reads', () => {
    const read = [...textOf('src/config.ts').matchAll(/\benv\.([A-Z_]+)/g)].map(([, name = '']) => name);
    expect(read.length).toBeGreaterThan(5);
    for (const name of read) expect(textOf('README.md')).toContain(`\`${name}\``);
  });

  test('links only to what is there', () => {
    const broken = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)]
        .filter(([, path = '', anchor]) => {
          const target = path === '' ? page : join(dirname(page), path);
          return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
        })
        .map(([link]) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test('is all to be found from the README', () => {
    const linked = [...textOf('README.md').matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path]) => path);
    expect(pages.filter((page) => page !== 'README.md' && !linked.includes(page))).toEqual([]);
  });

  test('runs only npm scripts that there are', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf('package.json')));
    const used = pages.flatMap((page) =>
      [...textOf(page).matchAll(/npm (?:run )?([\w:]+)/g)].map(([, name = '']) => name),
    );
    const ofNpm = ['ci', 'install', 'init', 'pack', 'audit', 'does'];
    expect([...new Set(used)].filter((name) => !ofNpm.includes(name) && !(name in scripts))).toEqual([]);
  });
});

describe('docs/faq.md', () => {
  const entries = textOf('docs/faq.md').split(/^### /m).slice(1);
  const named = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, words = '']) => words);

  test('says of every question what it is, what Wakeful does and what you do', () => {
    expect(entries.length).toBeGreaterThan(30);
    for (const entry of entries) {
      const parts = [...entry.matchAll(/^- \*\*(.+?)\*\*: /gm)].map(([, part]) => part);
      expect([entry.split('\n')[0], parts]).toEqual([
        entry.split('\n')[0],
        ['What it is', 'What Wakeful does', 'What you do'],
      ]);
    }
  });

  test('has every reason of a fault', () => {
    const faults = Object.entries(REASONS).filter(([, { kind }]) => kind !== 'none');
    const expected = faults.map(([reason]) => reason).filter((reason) => reason !== 'stopped_by_operator');
    expect(named(textOf('docs/faq.md'))).toEqual(expect.arrayContaining(expected));
  });

  test.each(['docs/faq.md', 'docs/operating.md', 'docs/getting-started.md'])(
    '%s names only codes, events and settings that there are',
    (page) => {
      const defaults: unknown = JSON.parse(textOf('config/default.json'));
      const isSetting = (name: string) =>
        name.split('.').reduce<unknown>((at, key) => Object(at)[key], defaults) !== undefined;
      const codes = [REASONS, ERRORS, MESSAGE_FAILURES].flatMap((catalogue) => Object.keys(catalogue));
      const known = new Set<string>([...codes, ...STATUSES, ...USER_ACTIONS]);
      const events = new Set<string>([...Object.keys(LOG_EVENTS), ...WEBHOOK_EVENTS]);
      const words = [...new Set(named(textOf(page)))];
      const wrongCodes = words.filter((word) => /^[a-z]+(_[a-z]+)+$/.test(word) && !known.has(word));
      const dotted = words.filter((word) => /^[a-z]+\.[a-zA-Z_.]+$/.test(word) && !/\.(js|json|com|db)$/.test(word));
      const wrongNames = dotted.filter((word) => !events.has(word) && !isSetting(word) && !FIELDS.includes(word));
      expect([wrongCodes, wrongNames]).toEqual([[], []]);
    },
  );
});

describe('docs/api.md', () => {
  let api: Api;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('has a heading for every route of the OpenAPI document, and an example under it', async () => {
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse((await api.ask('GET', '/openapi.json')).json);
    const routes = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const sections = textOf('docs/api.md').split(/^### /m).slice(1);
    expect(sections.map((section) => section.split('\n')[0]).sort()).toEqual(routes.sort());
    expect(sections.filter((section) => !section.includes('```sh\ncurl '))).toEqual([]);
  });
});
