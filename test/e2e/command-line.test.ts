import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { scan } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { API_KEY, type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000043';
const CUSTOMER = '4917600000099';

describe('a number from first to last by the command line, in a real browser', () => {
  const place = new Workplace();
  const elsewhere = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  /** Where the command line is told that the service keeps its files. */
  let folders = place;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
  }, 60_000);
  afterAll(async () => {
    await place.remove();
    await elsewhere.remove();
    await simulator.stop();
    expect([...leftoversOf(place.folder), ...leftoversOf(elsewhere.folder)]).toEqual([]);
  }, 60_000);

  /** Starts `wakeful` as a person would; `ended` resolves with its exit code and all that it wrote. */
  function wakeful(...args: string[]): { said: () => string; ended: Promise<{ code: number | null; said: string }> } {
    const env = {
      ...process.env,
      WAKEFUL_URL: service.url,
      WAKEFUL_API_KEY: API_KEY,
      WAKEFUL_DATA_DIR: folders.dataDir,
      WAKEFUL_AUTH_DIR: folders.authDir,
      CHROME_PATH: simulator.browserWrapper,
    };
    const child: ChildProcess = spawn('dist/cli.js', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
    const ended = new Promise<{ code: number | null; said: string }>((resolve) => {
      child.once('close', (code) => resolve({ code, said }));
    });
    return { said: () => said, ended };
  }

  test('add, qr, scan, send, disconnect', async () => {
    const added = await wakeful('sessions', 'add', 'shop', '--label', 'The shop').ended;
    expect(added).toEqual({ code: 0, said: 'shop was created.\nNext: npx wakeful qr shop\n' });

    const qr = wakeful('qr', 'shop');
    await until('the code is drawn', 30_000, () => /[▀▄█]{9}/.test(qr.said()));
    await scan(service, simulator, 'shop', PHONE);
    const linked = await qr.ended;
    expect(linked.code).toBe(0);
    expect(linked.said).toMatch(/\nshop is connected as 4915100000043\.\n$/);

    const sent = await wakeful('send', 'shop', `+${CUSTOMER}`, 'Good', 'morning', '--wait', '20').ended;
    expect(sent.said).toMatch(/^msg_\S+ is (sent|delivered|read)\.\n$/);
    expect(sent.code).toBe(0);
    expect((await simulator.client.sent(PHONE)).map(({ body }) => body)).toEqual(['Good morning']);

    const stopped = await wakeful('sessions', 'disconnect', 'shop').ended;
    expect(stopped).toEqual({ code: 0, said: expect.stringMatching(/^shop is disconnected\./) });
    expect(browsersUnder(place.authDir)).toEqual([]);
    expect((await wakeful('events', 'shop').ended).said.trimEnd().split('\n').length).toBeGreaterThan(3);
  }, 120_000);

  test('the doctor starts the browser once, and leaves nothing of it behind', async () => {
    const { said } = await wakeful('doctor').ended;
    expect(said).toMatch(/^(ok|warning) +browser +\S.* starts in \d/m);
    expect(said).toMatch(/^ok +data folder +\S+ is in use by a running Wakeful/m);
    expect(leftoversOf('wakeful-trial-')).toEqual([]);
  }, 60_000);

  test('import takes the login over into other folders, where the service connects it without a QR code', async () => {
    await service.end('SIGTERM');
    folders = elsewhere;
    const { code, said } = await wakeful('import', place.authDir).ended;
    expect(said).toMatch(/\nshop +copied /);
    expect(code).toBe(0);
    service = await elsewhere.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
  }, 90_000);

  test('a backup of the running service brings the number back into empty folders without a QR code', async () => {
    // At the clean end the login is kept that the backup takes.
    await service.end('SIGTERM');
    service = await elsewhere.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    const file = join(place.folder, 'all.tar.gz');
    const made = await wakeful('backup', file).ended;
    expect(made).toMatchObject({ code: 0, said: expect.stringContaining('1 session, 1 login, ') });
    await service.end('SIGTERM');
    for (const folder of [elsewhere.dataDir, elsewhere.authDir]) rmSync(folder, { recursive: true });

    const restored = await wakeful('restore', file).ended;
    expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('1 session and 1 login of ') });
    service = await elsewhere.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
  }, 90_000);
});
