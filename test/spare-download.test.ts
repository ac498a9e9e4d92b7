import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const script = resolve('scripts/spare-download.mjs');

describe("puppeteer's download", () => {
  let project: string;
  let modules: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'wakeful-test-spare-'));
    modules = join(project, 'node_modules');
    mkdirSync(join(modules, 'wakeful'), { recursive: true });
    copyFileSync('.puppeteerrc.cjs', join(modules, 'wakeful', '.puppeteerrc.cjs'));
  });
  afterEach(() => rmSync(project, { recursive: true }));

  const install = (manifest: Record<string, unknown>, env: NodeJS.ProcessEnv = {}) => {
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    const cwd = join(modules, 'wakeful');
    const { status } = spawnSync(process.execPath, [script], { cwd, env: { ...process.env, ...env } });
    expect(status).toBe(0);
    return existsSync(join(modules, '.puppeteerrc.cjs'));
  };

  test('is spared in a project that only has Wakeful', () => {
    expect(install({ dependencies: { wakeful: '1' } })).toBe(true);
  });

  test.each(['puppeteer', 'whatsapp-web.js'])('is left to a project that has %s of its own', (name) => {
    expect(install({ dependencies: { wakeful: '1', [name]: '1' } })).toBe(false);
    expect(install({ dependencies: { wakeful: '1' }, devDependencies: { [name]: '1' } })).toBe(false);
  });

  test('is nothing to write down for in a global installation, which has the settings above puppeteer', () => {
    expect(install({}, { npm_config_global: 'true' })).toBe(false);
  });

  test('never fails the installation', () => {
    rmSync(join(modules, 'wakeful', '.puppeteerrc.cjs'));
    expect(install({})).toBe(false);
  });
});
