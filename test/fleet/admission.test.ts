import { describe, expect, test } from '@jest/globals';
import { createAdmission } from '../../src/fleet/admission.js';
import { settled } from '../support/fake-clock.js';

const never = () => new AbortController().signal;

describe('admission', () => {
  test('lets as many start as it is told, and the others in their order', async () => {
    const admission = createAdmission(2);
    const log: string[] = [];
    const releases: (() => void)[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      void admission.acquire(never()).then((release) => {
        log.push(name);
        releases.push(release);
      });
    }
    await settled();
    expect(log).toEqual(['a', 'b']);
    releases[1]?.();
    await settled();
    expect(log).toEqual(['a', 'b', 'c']);
    releases[0]?.();
    await settled();
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  test('refuses who gives up waiting, at once, and keeps no place for him', async () => {
    const admission = createAdmission(1);
    const release = await admission.acquire(never());
    const impatient = new AbortController();
    const gone = admission.acquire(impatient.signal);
    const next = admission.acquire(never());
    impatient.abort(new Error('no longer wanted'));
    await expect(gone).rejects.toThrow('no longer wanted');
    release();
    await expect(next).resolves.toBeInstanceOf(Function);
  });

  test('refuses who has given up before he came', async () => {
    const admission = createAdmission(1);
    await admission.acquire(never());
    await expect(admission.acquire(AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  test('takes a place back once, however often it is given back', async () => {
    const admission = createAdmission(1);
    const release = await admission.acquire(never());
    release();
    const second = await admission.acquire(never());
    release();
    let third = false;
    void admission.acquire(never()).then(() => {
      third = true;
    });
    await settled();
    expect(third).toBe(false);
    second();
    await settled();
    expect(third).toBe(true);
  });

  test('does not mind an abort after the place was given', async () => {
    const admission = createAdmission(1);
    const later = new AbortController();
    const release = await admission.acquire(later.signal);
    later.abort();
    let next = false;
    void admission.acquire(never()).then(() => {
      next = true;
    });
    await settled();
    expect(next).toBe(false);
    release();
    await settled();
    expect(next).toBe(true);
  });
});
