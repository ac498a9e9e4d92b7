import type { Admission, ReadMachineLoad } from '../../src/domain/ports.js';
import { createAdmission } from '../../src/fleet/admission.js';
import { FakeClock } from './fake-clock.js';
import { FakeLogger } from './fake-logger.js';

/** A machine of four cores of which nothing is known but that. */
export const quietMachine: ReadMachineLoad = () => ({
  cores: 4,
  cpuPressure: null,
  cpuIdle: null,
  memoryPressure: null,
});

/** An admission that bounds only how many browsers start at the same time. */
export function placesOnly(maxConcurrentStarts: number): Admission {
  return createAdmission({
    limits: { maxConcurrentStarts, startsPerMinute: null, minFreeMemoryMb: 0 },
    clock: new FakeClock(),
    logger: new FakeLogger(),
    availableMemoryBytes: () => null,
    machineLoad: quietMachine,
    hasBrowsers: () => false,
  });
}
