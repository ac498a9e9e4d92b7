import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { browsersUnder } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';

const place = new Workplace();
let simulator: Simulator;
let service: TestService;

beforeAll(async () => {
  for (const folder of [place.dataDir, place.authDir]) {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
  }
  simulator = await startSimulator();
  service = await place.start(simulator.browserWrapper);
}, 60_000);
afterAll(async () => {
  await place.remove();
  await simulator.stop();
}, 60_000);

test('folders that were open to everybody are closed', () => {
  for (const folder of [place.dataDir, place.authDir]) expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('a second service with data of its own is refused on the same profiles', async () => {
  const other = new Workplace();
  Object.assign(other, { authDir: place.authDir });
  await expect(other.start(simulator.browserWrapper)).rejects.toThrow(/another Wakeful \(pid \d+\).*WAKEFUL_AUTH_DIR/);
  expect(existsSync(join(other.dataDir, 'wakeful.lock'))).toBe(false);
  await other.remove();
}, 30_000);

test('the browser is not told the API key', async () => {
  await service.call('POST', '/api/sessions', { id: 'one' });
  await service.reaches('one', 'qr_pending');
  const [browser] = browsersUnder(place.authDir);
  const environment = readFileSync(`/proc/${browser?.pid}/environ`, 'utf8');
  expect(environment).toContain('PATH=');
  expect(environment).not.toContain('WAKEFUL_');
}, 60_000);

test('a session takes no orders while it is being removed, and leaves neither browser nor profile', async () => {
  const [removed, ...late] = await Promise.all([
    service.call('DELETE', '/api/sessions/one'),
    ...['connect', 'force-reconnect'].map((command) => service.call('POST', `/api/sessions/one/${command}`)),
  ]);
  expect(removed.status).toBe(204);
  expect(late.map(({ status }) => status)).toEqual([404, 404]);
  expect(browsersUnder(place.authDir)).toEqual([]);
  expect(existsSync(join(place.authDir, 'session-one'))).toBe(false);
  expect((await service.call('POST', '/api/sessions', { id: 'one', start: false })).status).toBe(201);
}, 60_000);
