import { describe, expect, test } from '@jest/globals';
import { createJournalFlush, createTurns } from '../../../src/adapters/store/journal-flush.js';

/** A disk that takes its time; each turn ends when the test says so. */
function aDisk() {
  const begun: { end: () => void; fail: (error: Error) => void }[] = [];
  const onDisk = createTurns(() => new Promise<void>((end, fail) => begun.push({ end, fail })));
  const settled: string[] = [];
  return {
    begun,
    settled,
    /** Somebody waits for the disk. */
    wait(name: string) {
      onDisk().then(
        () => settled.push(name),
        () => settled.push(`${name} failed`),
      );
    },
    async pass() {
      for (let times = 0; times < 5; times += 1) await new Promise(setImmediate);
    },
  };
}

describe('turns of the disk', () => {
  test('are shared by all who ask before one begins', async () => {
    const { wait, pass, begun, settled } = aDisk();
    wait('a');
    wait('b');
    // As what follows from a promise that is settled already.
    await Promise.resolve();
    wait('c');
    await pass();
    expect([begun.length, settled]).toEqual([1, []]);
    begun[0]?.end();
    await pass();
    expect([begun.length, settled]).toEqual([1, ['a', 'b', 'c']]);
  });

  test('come one after the other: who asks during one waits for the next', async () => {
    const { wait, pass, begun, settled } = aDisk();
    wait('a');
    await pass();
    wait('b');
    wait('c');
    await pass();
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    await pass();
    expect([begun.length, settled]).toEqual([2, ['a']]);
    begun[1]?.end();
    await pass();
    expect(settled).toEqual(['a', 'b', 'c']);
  });

  test('fail for those who waited for them alone', async () => {
    const { wait, pass, begun, settled } = aDisk();
    wait('a');
    await pass();
    wait('b');
    begun[0]?.fail(new Error('EIO'));
    await pass();
    begun[1]?.end();
    await pass();
    expect(settled).toEqual(['a failed', 'b']);
  });
});

describe('a disk that fails', () => {
  // Nothing can be flushed there: it says EINVAL.
  const NO_DISK = '/dev/null';

  test('is made up for in another way, by everybody from then on', async () => {
    let rescues = 0;
    const journal = createJournalFlush(NO_DISK, () => {
      rescues += 1;
    });
    journal.wait();
    await journal.now();
    expect(rescues).toBe(2);
    journal.close();
  });

  test('is told to everybody while that does not help, not only to the first', async () => {
    let isDead = true;
    const journal = createJournalFlush(NO_DISK, () => {
      if (isDead) throw new Error('the disk is dead');
    });
    expect(() => journal.wait()).toThrow('dead');
    await expect(journal.now()).rejects.toThrow('dead');
    expect(() => journal.wait()).toThrow('dead');
    isDead = false;
    journal.wait();
    journal.close();
  });
});
