import PQueue from 'p-queue';
import type { Admission } from '../domain/ports.js';

/** Lets `limit` browsers start at the same time; the others wait in order. */
export function createAdmission(limit: number): Admission {
  const queue = new PQueue({ concurrency: limit });
  return {
    acquire: (signal) =>
      new Promise((granted, refused) => {
        // An abort that is over already is no longer told.
        if (signal.aborted) return refused(signal.reason);
        const wait = () =>
          new Promise<void>((release) => {
            if (signal.aborted) {
              release();
              refused(signal.reason);
            } else {
              granted(release);
            }
          });
        signal.addEventListener('abort', () => refused(signal.reason), { once: true });
        void queue.add(wait);
      }),
  };
}
