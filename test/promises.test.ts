import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
const promised = [...readFileSync(join(root, 'docs/promises.md'), 'utf8').matchAll(/^- \*\*([RB]\d\d)\*\*/gm)].map(
  ([, id = '']) => id,
);

/** Ids in the titles of tests, whichever way these are written. */
const proven = new Set(
  readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      [...readFileSync(join(root, 'test', name), 'utf8').matchAll(/(['`])[^'`\n]*\b[RB]\d\d\b[^'`\n]*\1/g)].flatMap(
        ([title]) => title.match(/\b[RB]\d\d\b/g) ?? [],
      ),
    ),
);

test('every promise is made once, and named by a test that proves it', () => {
  expect(promised).toHaveLength(new Set(promised).size);
  expect(promised.filter((id) => !proven.has(id))).toEqual([]);
});

test('no test names a promise that is not made', () => {
  expect([...proven].filter((id) => !promised.includes(id))).toEqual([]);
});
