import { type ChildProcess, spawn } from 'node:child_process';
import { afterEach, describe, expect, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { CONNECTED, IDLE, type Realtime, startRealtime } from '../support/realtime-harness.js';

describe('examples/live-events', () => {
  let house: Realtime;
  let child: ChildProcess;
  afterEach(async () => {
    child.kill();
    await house.stop();
  });

  function run(key: string): { output: () => string; ended: Promise<number | null> } {
    child = spawn(process.execPath, ['examples/live-events/live-events.mjs'], {
      env: { ...process.env, WAKEFUL_URL: house.url, WAKEFUL_API_KEY: key },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += String(text)));
    return { output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) };
  }

  test('shows what happens, also after its connection broke', async () => {
    house = await startRealtime();
    house.fleet.add('sales', { phoneNumber: '491511' });
    const example = run('viewer');
    await until('it shows the sessions', 20_000, () => example.output().includes('sales is idle: Known'));
    house.move('sales', IDLE, CONNECTED);
    await until('it shows the connection', 20_000, () => example.output().includes('sales is connected as 491511'));
    house.cutConnections();
    house.receive('sales', 'm1', 'Good morning');
    await until('it shows the message', 20_000, () => example.output().includes('from 491511@c.us: Good morning'));
    expect(example.output()).toContain('the connection ended');
    expect(example.output().match(/is connected as/g)).toHaveLength(1);
  });

  test('says that the key is wrong and ends', async () => {
    house = await startRealtime();
    const example = run('wrong');
    expect(await example.ended).toBe(1);
    expect(example.output()).toContain('no connection: The key is not known here');
  });
});
