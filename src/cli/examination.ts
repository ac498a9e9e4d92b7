import { type Config, loadConfig } from '../config.js';
import {
  type Finding,
  judgeBrowser,
  judgeConfiguration,
  judgeDisk,
  judgeEngine,
  judgeFolder,
  judgeLeftovers,
  judgeLimits,
  judgeMemory,
  judgeNode,
  judgePort,
  judgeReach,
  judgeSharedMemory,
} from '../domain/diagnosis.js';
import type { Machine } from './machine.js';
import type { World } from './world.js';

/** Everything that the service needs of this machine, looked at one by one; each finding as soon as it is there. */
export async function* examine(machine: Machine, { env, cwd }: Pick<World, 'env' | 'cwd'>): AsyncGenerator<Finding> {
  const { version, needed } = machine.node();
  yield judgeNode(version, needed);
  const { config, error } = configOrDefaults(env, cwd);
  yield judgeConfiguration(error);
  const browser = await machine.browser(config);
  yield judgeBrowser(browser);
  if (browser.kind === 'runs') yield judgeEngine(browser.engine, config.browser.profile);
  yield judgeSharedMemory(await machine.sharedMemoryBytes());
  yield* judgeLimits(machine.limits(), await machine.sessions(config.authDir));
  yield judgeMemory(machine.availableMemoryBytes(), config.fleet.minFreeMemoryMb);

  const { minFreeDiskMb } = config.fleet;
  const [data, profiles] = await Promise.all([machine.folder(config.dataDir), machine.folder(config.authDir)]);
  yield judgeFolder('data folder', data, 'WAKEFUL_DATA_DIR');
  yield judgeDisk('disk of the data folder', data, minFreeDiskMb);
  yield judgeFolder('profiles', profiles, 'WAKEFUL_AUTH_DIR');
  yield judgeDisk('disk of the profiles', profiles, minFreeDiskMb);

  const isRunning = data.lock.held === 'yes';
  yield judgeLeftovers(await machine.orphanPids(config.authDir), isRunning);
  const { host, port } = config;
  yield judgePort(`${host}:${port}`, await machine.port(host, port), isRunning);
  yield judgeReach(await machine.troubleReachingWhatsApp());
}

function configOrDefaults(env: NodeJS.ProcessEnv, cwd: string): { config: Config; error: string | null } {
  try {
    return { config: loadConfig(env, cwd), error: null };
  } catch (error) {
    return { config: loadConfig({}, cwd), error: error instanceof Error ? error.message : String(error) };
  }
}
