import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { SimulatorClient } from '../../simulator/client.js';
import type { Credentials } from '../../simulator/frame.js';
import type { RunningSimulator } from '../../simulator/server/running-simulator.js';
import { type FakePage, linkedPage, QUICK, quickSimulator } from './fake-page.js';

/** What a test finds: filled before each. */
export interface LinkedNumber {
  simulator: RunningSimulator;
  client: SimulatorClient;
  /** A page that has signed in with the number. */
  page: FakePage;
  credentials: Credentials;
}

/** One simulator for the tests of a `describe`, emptied before each, with one number linked in it. */
export function useLinkedNumber(number: string): LinkedNumber {
  const stage = {} as LinkedNumber;
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wakeful-sim-test-'));
    Object.assign(stage, await quickSimulator(dir));
  });
  beforeEach(async () => {
    await stage.client.reset();
    await stage.client.settings(QUICK);
    Object.assign(stage, await linkedPage(stage.simulator, stage.client, number));
  });
  afterAll(async () => {
    await stage.simulator.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return stage;
}
