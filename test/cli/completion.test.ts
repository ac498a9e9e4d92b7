import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../../src/cli/program.js';
import { referenceOf } from '../../src/cli/reference.js';
import { Terminal } from './support/terminal.js';

const scriptFor = async (shell: string) => (await new Terminal().run('completion', shell)).out;

/** What bash offers at the end of a line. */
async function completed(line: string): Promise<string[]> {
  const words = line.split(' ');
  const script = `${await scriptFor('bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_wakeful; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  test.each<[string, string[]]>([
    ['wakeful sess', ['sessions']],
    ['wakeful sessions f', ['force-reconnect']],
    ['wakeful sessions add shop --webhook-', ['--webhook-token', '--webhook-hmac-key', '--webhook-events']],
    ['wakeful --json sessions li', ['list']],
    ['wakeful completion z', ['zsh']],
    ['wakeful events shop --fo', ['--follow']],
  ])('bash offers at "%s"', async (line, words) => {
    expect(await completed(line)).toEqual(words);
  });

  test.each(['bash', 'zsh', 'fish'])('%s knows every command', async (shell) => {
    const script = await scriptFor(shell);
    const { commands } = createProgram(new Terminal().world);
    for (const command of commands) {
      for (const name of [command, ...command.commands].map((one) => one.name())) expect(script).toContain(name);
    }
  });
});

describe('the command line', () => {
  test('is described in docs/cli.md, with every command and everything it takes', () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    const commands = referenceOf(createProgram(new Terminal().world));
    expect(commands.length).toBeGreaterThan(25);
    for (const { usage, terms } of commands) {
      const section = page.split(`### \`${usage}\`\n`)[1]?.split('\n### ')[0] ?? '';
      expect(section).not.toBe('');
      for (const { term } of terms) expect(section).toContain(`\`${term}\``);
    }
  });

  test('is a program that can be run after the build', () => {
    expect(statSync('bin/wakeful.mjs').mode & 0o111).toBe(0o111);
    expect(readFileSync('bin/wakeful.mjs', 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const ran = spawnSync('bin/wakeful.mjs', ['sessions', '--url', 'http://127.0.0.1:9'], { encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('npx wakeful start') });
  });
});
