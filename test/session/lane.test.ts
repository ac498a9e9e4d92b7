import { describe, expect, test } from '@jest/globals';
import { LANE_PRIORITY, Lane } from '../../src/session/lane.js';
import { settled } from '../support/fake-clock.js';

/** An operation that runs until it is told to end; rejects when it is aborted. */
function held(log: string[], name: string) {
  let end: () => void = () => {};
  const operation = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      log.push(name);
      end = () => resolve(name);
      signal.addEventListener('abort', () => reject(new Error(`${name} was aborted`)));
    });
  return { operation, end: () => end() };
}

describe('the lane', () => {
  test('runs one operation at a time, in order', async () => {
    const lane = new Lane();
    const log: string[] = [];
    const first = held(log, 'first');
    const done = lane.run(LANE_PRIORITY.control, first.operation);
    const then = lane.run(LANE_PRIORITY.control, async () => log.push('second'));
    await settled();
    expect(log).toEqual(['first']);
    first.end();
    await expect(done).resolves.toBe('first');
    await then;
    expect(log).toEqual(['first', 'second']);
  });

  test('lets control go before sends that wait', async () => {
    const lane = new Lane();
    const log: string[] = [];
    const first = held(log, 'first');
    void lane.run(LANE_PRIORITY.send, first.operation);
    void lane.run(LANE_PRIORITY.send, async () => log.push('send'));
    void lane.run(LANE_PRIORITY.control, async () => log.push('control'));
    await settled();
    first.end();
    await lane.idle();
    expect(log).toEqual(['first', 'control', 'send']);
  });

  test('aborts the operation that runs, and none that waits', async () => {
    const lane = new Lane();
    const log: string[] = [];
    const first = held(log, 'first');
    const second = held(log, 'second');
    const one = lane.run(LANE_PRIORITY.control, first.operation);
    const two = lane.run(LANE_PRIORITY.control, second.operation);
    lane.abortRunning();
    await expect(one).rejects.toThrow('first was aborted');
    await settled();
    expect(log).toEqual(['first', 'second']);
    second.end();
    await expect(two).resolves.toBe('second');
  });

  test('goes on after an operation that failed, and tells whoever asked for it', async () => {
    const lane = new Lane();
    const failing = lane.run(LANE_PRIORITY.control, async () => {
      throw new Error('no');
    });
    const next = lane.run(LANE_PRIORITY.control, async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  test('is idle when nothing runs and nothing waits', async () => {
    const lane = new Lane();
    const log: string[] = [];
    await lane.idle();
    const first = held(log, 'first');
    void lane.run(LANE_PRIORITY.control, first.operation);
    void lane.run(LANE_PRIORITY.send, async () => log.push('second'));
    void lane.idle().then(() => log.push('idle'));
    await settled();
    expect(log).toEqual(['first']);
    first.end();
    await settled();
    expect(log).toEqual(['first', 'second', 'idle']);
  });

  test('has nothing to abort between two operations', async () => {
    const lane = new Lane();
    await lane.run(LANE_PRIORITY.control, async () => 'over');
    lane.abortRunning();
    await expect(lane.run(LANE_PRIORITY.control, async (signal) => signal.aborted)).resolves.toBe(false);
  });
});
