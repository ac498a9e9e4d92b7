import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { API_KEY, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const place = new Workplace();
afterAll(() => place.remove());

test('a console that nobody reads any more neither ends the service nor fills the log', async () => {
  const child = spawn(process.execPath, ['dist/main.js'], {
    env: {
      ...process.env,
      WAKEFUL_PORT: '0',
      WAKEFUL_API_KEY: API_KEY,
      WAKEFUL_DATA_DIR: place.dataDir,
      WAKEFUL_AUTH_DIR: place.authDir,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const url = await until('the API listens', 20_000, () => /answers at (http:\S+)/.exec(output)?.[1]);
  child.stdout.destroy();
  child.stderr.destroy();

  const ask = async (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  for (let number = 0; number < 5; number += 1) {
    expect((await ask('POST', '/api/sessions', { id: `quiet-${number}`, start: false })).status).toBe(201);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect((await fetch(`${url}/health`)).status).toBe(200);

  const folder = join(place.dataDir, 'logs');
  const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const text = logs.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  expect(text.match(/session\.created/g)).toHaveLength(5);
  expect(text).not.toContain('service.unhandled');
  expect(logs.reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0)).toBeLessThan(100_000);

  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  expect(await gone).toBe(0);
}, 60_000);
