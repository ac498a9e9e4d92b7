import type { Fault } from './fault.js';
import { ACCOUNT_FAULTS } from './faults/account-faults.js';
import { DISK_FAULTS } from './faults/disk-faults.js';
import { NETWORK_FAULTS } from './faults/network-faults.js';
import { PAGE_FAULTS } from './faults/page-faults.js';
import { PROCESS_FAULTS } from './faults/process-faults.js';
import { PROFILE_FAULTS } from './faults/profile-faults.js';
import { SERVICE_FAULTS } from './faults/service-faults.js';
import { START_FAULTS } from './faults/start-faults.js';

/** Every fault, in the order in which they are played; those that share settings stand together. */
export const CATALOGUE: readonly Fault[] = bySettings([
  ...PROCESS_FAULTS,
  ...PAGE_FAULTS,
  ...NETWORK_FAULTS,
  ...SERVICE_FAULTS,
  ...PROFILE_FAULTS,
  ...ACCOUNT_FAULTS,
  ...START_FAULTS,
  ...DISK_FAULTS,
]);

/** Which faults a run plays. */
export interface Selection {
  /** Names; all of them when empty. */
  readonly only: readonly string[];
  readonly form: 'short' | 'usual' | 'long';
}

/** The faults of a run. Throws, with the names there are, for one that does not exist. */
export function selectFaults({ only, form }: Selection): Fault[] {
  const unknown = only.filter((name) => !CATALOGUE.some((fault) => fault.name === name));
  if (unknown.length > 0) {
    const known = CATALOGUE.map(({ name }) => name).join(', ');
    throw new Error(`there is no fault ${unknown.join(', ')}; there are ${known}`);
  }
  if (only.length > 0) return CATALOGUE.filter(({ name }) => only.includes(name));
  if (form === 'short') return CATALOGUE.filter((fault) => fault.form === 'short');
  // A short stand-in of a fault that is played in full anyway tells nothing new.
  return CATALOGUE.filter((fault) => form === 'long' || fault.form !== 'long').filter(
    ({ name }) => !name.endsWith('-short'),
  );
}

/** True when both are played with the same settings, so that the service need not start anew. */
export function haveSameSettings(left: Fault, right: Fault): boolean {
  return JSON.stringify(left.settings ?? {}) === JSON.stringify(right.settings ?? {});
}

function bySettings(faults: readonly Fault[]): Fault[] {
  const groups: Fault[][] = [];
  for (const fault of faults) {
    const group = groups.find(([first]) => first !== undefined && haveSameSettings(first, fault));
    if (group === undefined) groups.push([fault]);
    else group.push(fault);
  }
  // Those with the default settings first: they need no restart of the service.
  return groups.sort((a, b) => Number(a[0]?.settings !== undefined) - Number(b[0]?.settings !== undefined)).flat();
}
