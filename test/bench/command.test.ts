import { describe, expect, test } from '@jest/globals';
import { readFlags, USAGE } from '../../bench/chaos/flags.js';
import { askedBy } from '../../bench/support/command.js';

const asked = (...args: string[]) => askedBy(args, { usage: USAGE, readFlags });

describe('the command line of a run', () => {
  test('gives its flags', () => {
    expect(asked('--sessions', '6')).toEqual({ flags: expect.objectContaining({ sessions: 6, form: 'usual' }) });
  });

  test.each(['--help', '-h'])('tells its usage for %s', (flag) => {
    expect(asked('--short', flag)).toEqual({ words: USAGE, code: 0 });
  });

  test.each([
    [['--sesions', '6'], "Unknown option '--sesions'"],
    [['--sessions', 'six'], '--sessions takes a number up to 99, not six'],
  ])('says what is wrong with %j, and what there is', (args, sentence) => {
    const answer = asked(...args);
    expect(answer).toEqual({ words: expect.stringContaining(sentence), code: 2 });
    expect(answer).toEqual({ words: expect.stringContaining(USAGE), code: 2 });
  });
});
