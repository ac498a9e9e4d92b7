/** The process that holds a folder, as it wrote itself into the lock. Null where its system does not say. */
export interface LockOwner {
  pid: number;
  /** Clock ticks since boot; with the pid it names one process, since pids are used again. */
  startTime: number | null;
  host: string;
  /** Another one after every boot of the kernel. */
  bootId: string | null;
  /** As `/proc/self/ns/pid` links to it: a pid means something only within its namespace. */
  pidNamespace: string | null;
  /** Names the installation of the system, over every boot. */
  machineId: string | null;
}

/** In which every Linux starts its first process, under a number that is always the same: not in a container. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/**
 * What shows whether the owner of a lock lives: `process`, its pid and start time, here and now; `dead`, nothing more is
 * needed; `heartbeat`, only that it keeps the lock fresh, since its pid says nothing to us.
 */
export type OwnerProof = 'process' | 'dead' | 'heartbeat';

/** How the process `self` finds out whether `owner` lives. */
export function proofOf(owner: LockOwner, self: LockOwner): OwnerProof {
  if (sharesPids(owner, self)) return 'process';
  return isBootedAgain(owner, self) ? 'dead' : 'heartbeat';
}

/** The owner for people: its pid, and its host where that one's pids are not ours. */
export function ownerInWords(owner: LockOwner, self: LockOwner): string {
  return sharesPids(owner, self) ? `pid ${owner.pid}` : `pid ${owner.pid} on host ${owner.host}`;
}

/** True for one and the same process. */
export function isSameOwner(one: LockOwner, other: LockOwner): boolean {
  const named = ({ pid, startTime, host, bootId, pidNamespace }: LockOwner) =>
    JSON.stringify([pid, startTime, host, bootId, pidNamespace]);
  return named(one) === named(other);
}

function sharesPids(owner: LockOwner, self: LockOwner): boolean {
  // Systems without /proc have neither, and no containers: there the name of the host must do.
  if (owner.bootId === null && owner.startTime === null && self.startTime === null) return owner.host === self.host;
  if (owner.bootId === null || owner.bootId !== self.bootId) return false;
  // An earlier version named no namespace, and gave no heartbeat either.
  return owner.pidNamespace === null || owner.pidNamespace === self.pidNamespace;
}

/**
 * True when the owner ran on this very machine before it was booted: with the kernel, every process of it ended. The id of
 * the machine alone does not tell: images of containers bring one along, and a pod of a StatefulSet keeps its host name
 * on every node. So both must have run outside of a container.
 */
function isBootedAgain(owner: LockOwner, self: LockOwner): boolean {
  const isSameMachine = owner.machineId !== null && owner.machineId === self.machineId && owner.host === self.host;
  const outsideContainers = [owner, self].every(({ pidNamespace }) => pidNamespace === FIRST_PID_NAMESPACE);
  return isSameMachine && outsideContainers && owner.bootId !== null && owner.bootId !== self.bootId;
}
