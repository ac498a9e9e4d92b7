import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createProgram } from '../../src/cli/program.js';
import { referenceOf } from '../../src/cli/reference.js';
import { Terminal } from './support/terminal.js';

/** `run('keys', 'revoke', id)`, `wakeful('doctor')`: the words up to the first that is no plain text. */
const CALL = /\b(?:run|wakeful)\(\s*((?:'[^']+',?\s*)+)/g;
/** A row of the table of commands.test.ts: a line, and what it prints. */
const ROW = /^ {4}\['([^']+)', \//gm;

/** Every command line that a test of these files runs. */
function linesRun(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const calls = [...text.matchAll(CALL)].map(([, words = '']) => words.replace(/[',\s]+/g, ' ').trim());
    return [...calls, ...[...text.matchAll(ROW)].map(([, line = '']) => line)];
  });
}

describe('every command of the command line', () => {
  const commands = referenceOf(createProgram(new Terminal().world)).map(({ path }) => path);
  const tests = readdirSync('test/cli')
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('every-command'))
    .map((name) => `test/cli/${name}`);
  const lines = linesRun([...tests, 'test/e2e/command-line.test.ts']);
  const isRun = (command: string) => lines.some((line) => `${line} `.startsWith(`${command} `));

  test('is found, and is looked for as it should be', () => {
    expect(commands.length).toBeGreaterThan(30);
    expect(isRun('sessions teleport')).toBe(false);
  });

  test.each(commands)('%s is run by a test', (command) => {
    expect(isRun(command)).toBe(true);
  });
});
