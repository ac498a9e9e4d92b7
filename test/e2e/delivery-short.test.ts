import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BenchRun } from '../support/bench-run.js';
import { leftoversOf } from '../support/processes.js';

/** Where the runs make their folders: what is in it afterwards was left behind. */
const place = mkdtempSync(join(tmpdir(), 'wakeful-test-delivery-'));
const results = mkdtempSync(join(tmpdir(), 'wakeful-test-delivery-'));
const json = join(results, 'delivery.json');
const delivery = new BenchRun('delivery', place);

afterAll(() => {
  delivery.kill();
  for (const folder of [place, results]) rmSync(folder, { recursive: true, force: true });
});

describe('the short form of the delivery run', () => {
  test('the service is killed again and again: what was accepted arrives once and in order', async () => {
    const { code, output } = await delivery.play('kills', '--short', '--json', json);
    // The whole output, when it went wrong: it says which message and how.
    expect({ code, output }).toEqual({ code: 0, output });
    const { kills } = JSON.parse(readFileSync(json, 'utf8'));
    expect(kills).toMatchObject({ kills: 8, numbers: [{ id: 'n1' }, { id: 'n2' }] });
    for (const { accepted, arrived } of kills.numbers) {
      expect(accepted).toBeGreaterThan(20);
      expect(arrived).toBe(accepted);
    }
    expect(leftoversOf(place)).toEqual([]);
    expect(readdirSync(place)).toEqual([]);
  }, 240_000);

  test('numbers, service and receiver go off and fail: each message is told once and in order', async () => {
    const { code, output } = await delivery.play('webhooks', '--short', '--json', json);
    expect({ code, output }).toEqual({ code: 0, output });
    const { webhooks } = JSON.parse(readFileSync(json, 'utf8'));
    expect(Object.keys(webhooks.mishaps)).toHaveLength(4);
    expect(webhooks.calls.errors).toBeGreaterThan(0);
    expect(webhooks.calls.closed).toBeGreaterThan(0);
    expect(webhooks.numbers).toMatchObject([
      { id: 'n1', written: 30, told: 30 },
      { id: 'n2', written: 30, told: 30 },
    ]);
    expect(leftoversOf(place)).toEqual([]);
    expect(readdirSync(place)).toEqual([]);
  }, 240_000);

  test('an experiment that does not exist is refused with the names there are', async () => {
    const { code, output } = await delivery.play('letters');
    expect(code).toBe(2);
    expect(output).toContain('there is no experiment letters; there are kills and webhooks');
  }, 30_000);
});
