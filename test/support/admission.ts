import type { Admission } from '../../src/domain/ports.js';
import { createAdmission } from '../../src/fleet/admission.js';
import { FakeClock } from './fake-clock.js';
import { FakeLogger } from './fake-logger.js';

/** An admission that bounds only how many browsers start at the same time. */
export function placesOnly(maxConcurrentStarts: number): Admission {
  return createAdmission({
    maxConcurrentStarts,
    limits: { startsPerMinute: null, minFreeMemoryMb: 0 },
    clock: new FakeClock(),
    logger: new FakeLogger(),
    availableMemoryBytes: () => null,
    hasBrowsers: () => false,
  });
}
