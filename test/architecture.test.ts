import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const MAX_LINES = 300;
const FOLDERS = ['src', 'simulator', 'demo', 'test', 'scripts'];

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs|cjs|js)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

const sources = FOLDERS.flatMap(filesIn).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

describe('the source', () => {
  test(`has no file of more than ${MAX_LINES} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > MAX_LINES).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  test('has no any, no switched-off check and no test that is left out', () => {
    const forbidden =
      /: any\b|\bas any\b|<any>|@ts-(ignore|nocheck)|biome-ignore|\b(test|describe|it)\.(skip|only)\(|jest\.mock\(/;
    const itself = join('test', 'architecture.test.ts');
    const found = sources.filter(({ path, text }) => path !== itself && forbidden.test(text)).map(({ path }) => path);
    expect(found).toEqual([]);
  });

  test('has no drawer for everything', () => {
    const drawers = sources
      .map(({ path }) => path)
      .filter((path) => /\/(utils?|helpers?|misc|common|index)\.tsx?$/.test(path));
    expect(drawers).toEqual([]);
  });
});

describe('the rule of the floors', () => {
  const cruise = (folder: string) =>
    spawnSync('npx', ['depcruise', folder, '--config', '.dependency-cruiser.cjs'], { encoding: 'utf8' });

  // A rule that cannot fail holds nothing: each is broken once, in a folder that is gone afterwards.
  test.each([
    [
      'domain-imports-only-from-below',
      'src/domain/broken',
      "import type { Fleet } from '../../fleet/facade.js';\nexport type X = Fleet;\n",
    ],
    [
      'domain-is-pure',
      'src/domain/broken',
      "import { readFileSync } from 'node:fs';\nexport const x = readFileSync;\n",
    ],
    [
      'session-imports-only-from-below',
      'src/session/broken',
      "import type { Fleet } from '../../fleet/facade.js';\nexport type X = Fleet;\n",
    ],
    [
      'cli-speaks-only-http',
      'src/cli/broken',
      "import type { Fleet } from '../../fleet/facade.js';\nexport type X = Fleet;\n",
    ],
    [
      'nobody-needs-the-cli',
      'src/api/broken',
      "import { EXIT } from '../../cli/cli-failure.js';\nexport const x = EXIT;\n",
    ],
    ['only-adapters-know-the-world', 'src/api/broken', "import winston from 'winston';\nexport const x = winston;\n"],
    [
      'page-is-made-for-browsers',
      'src/api/dashboard/broken',
      "import { createApp } from '../../app.js';\nexport const x = createApp;\n",
    ],
    [
      'simulator-stands-alone',
      'simulator/broken',
      "import type { Fleet } from '../../src/fleet/facade.js';\nexport type X = Fleet;\n",
    ],
  ])('%s is held', (rule, folder, text) => {
    mkdirSync(folder);
    try {
      writeFileSync(join(folder, 'broken.ts'), text);
      const { stdout, status } = cruise(folder);
      expect(stdout).toContain(rule);
      expect(status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
