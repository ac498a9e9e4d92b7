import { describe, expect, test } from '@jest/globals';
import { isSameOwner, type LockOwner, ownerInWords, proofOf } from '../../src/domain/lock-owner.js';

const FIRST = 'pid:[4026531836]';
const server: LockOwner = {
  pid: 4711,
  startTime: 1200,
  host: 'server',
  bootId: 'boot-1',
  pidNamespace: FIRST,
  machineId: 'machine-1',
};
const box: LockOwner = { ...server, pid: 1, host: 'box-1', pidNamespace: 'pid:[4026532179]' };
const booted = { bootId: 'boot-2' };

describe('whether the owner of a lock lives is shown', () => {
  test('by its process where its pid is one of ours', () => {
    expect(proofOf(server, server)).toBe('process');
    expect(proofOf(box, { ...box, host: 'renamed' })).toBe('process');
  });

  test('by its heartbeat when it is in another container, though it may have our pid', () => {
    expect(proofOf(box, { ...box, pidNamespace: 'pid:[4026532200]' })).toBe('heartbeat');
    expect(proofOf(box, server)).toBe('heartbeat');
    expect(proofOf(server, box)).toBe('heartbeat');
  });

  test('by its heartbeat when it is on another machine', () => {
    expect(proofOf(server, { ...server, ...booted, host: 'other', machineId: 'machine-2' })).toBe('heartbeat');
  });

  test('by nothing more when this machine has been booted since', () => {
    expect(proofOf(server, { ...server, ...booted })).toBe('dead');
  });

  test.each<[string, LockOwner, LockOwner]>([
    ['the machine has no id', { ...server, machineId: null }, { ...server, machineId: null, ...booted }],
    ['a copy of this machine has another name', { ...server, host: 'copy' }, { ...server, ...booted }],
    ['a pod keeps its name, and the id of its image, on another node', box, { ...box, ...booted }],
    ['the owner was in a container that sees all pids of its node', box, { ...server, host: 'box-1', ...booted }],
  ])('by its heartbeat when %s', (_, owner, self) => {
    expect(proofOf(owner, self)).toBe('heartbeat');
  });

  test('by its heartbeat when a kernel does not tell its boots apart', () => {
    const silent = { ...box, bootId: null };
    expect(proofOf(silent, silent)).toBe('heartbeat');
    expect(proofOf({ ...server, bootId: null }, server)).toBe('heartbeat');
  });

  test('by its process when an earlier version wrote the lock in the same boot', () => {
    expect(proofOf({ ...server, pidNamespace: null, machineId: null }, server)).toBe('process');
  });

  test('by its process on a system without /proc, if it is the same host', () => {
    const mac = { ...server, startTime: null, bootId: null, pidNamespace: null, machineId: null };
    expect(proofOf(mac, mac)).toBe('process');
    expect(proofOf(mac, { ...mac, host: 'other' })).toBe('heartbeat');
    expect(proofOf(mac, server)).toBe('heartbeat');
  });
});

test('an owner is named with its host where its pid says nothing here', () => {
  expect(ownerInWords(server, server)).toBe('pid 4711');
  expect(ownerInWords(box, server)).toBe('pid 1 on host box-1');
});

test('an owner is the same only as the same process', () => {
  expect(isSameOwner(box, { ...box, machineId: null })).toBe(true);
  expect(isSameOwner(box, { ...box, startTime: 1201 })).toBe(false);
  expect(isSameOwner(box, { ...box, host: 'box-2' })).toBe(false);
});
