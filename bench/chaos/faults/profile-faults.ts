import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, readdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { processTable } from '../../support/process-table.js';
import { mustHappen, pause } from '../../support/waiting.js';
import type { Fault, Scene } from '../fault.js';

type Staged = Omit<Scene, 'chronicle'>;

const heals = { kind: 'heals' } as const;
/** Beyond what Linux gives out by default, so that nobody has it. */
const DEAD_PID = 2 ** 22 - 1;
const OLD_CONTAINER = '0123456789ab';
const LEFTOVER_SETTLES_MS = 2000;

/** Stops the session cleanly and puts a lock into its profile as Chromium writes it. */
async function lockAs({ world, victim }: Staged, owner: string): Promise<void> {
  await world.api.disconnect(victim.id);
  const lock = join(world.profileDir(victim), 'SingletonLock');
  // The link points to nothing: only lstat sees it.
  if (lstatSync(lock, { throwIfNoEntry: false })) rmSync(lock);
  symlinkSync(owner, lock);
}

const connect = async ({ world, victim }: Scene): Promise<void> => void (await world.api.connect(victim.id));

function staleLock(name: string, words: string, owner: () => string): Fault {
  return {
    name,
    words,
    reach: 'one',
    expectation: heals,
    prepare: (scene) => lockAs(scene, owner()),
    inject: connect,
  };
}

const strangers = new Set<ChildProcess>();

/** A living process that has nothing to do with browsers, as one that got the pid of a dead one. */
function stranger(): string {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  strangers.add(child);
  return `${hostname()}-${child.pid}`;
}

/** A browser on the profile whose starter is dead: nobody's, and alive. */
async function leaveBrowser({ world, victim }: Staged): Promise<void> {
  await world.api.disconnect(victim.id);
  const profile = world.profileDir(victim);
  const flags = `--headless --no-sandbox --remote-debugging-port=0 --user-data-dir='${profile}' about:blank`;
  // The shell ends at once, and what it leaves in the background goes to the init of this machine.
  spawn('setsid', ['sh', '-c', `'${world.gate.path}' ${flags} >/dev/null 2>&1 &`], { stdio: 'ignore' });
  await mustHappen('the leftover browser runs', 10_000, async () =>
    processTable().some(({ commandLine }) => commandLine.includes(`--user-data-dir=${profile}`)),
  );
  await pause(LEFTOVER_SETTLES_MS);
}

/** Cuts the files of the login to a third, as a disk that lost them would. */
async function truncateLogin({ world, victim }: Staged): Promise<void> {
  await world.api.disconnect(victim.id);
  const folder = join(world.profileDir(victim), 'Default', 'IndexedDB');
  for (const database of readdirSync(folder).filter((name) => name.endsWith('.leveldb'))) {
    for (const name of readdirSync(join(folder, database))) {
      const file = join(folder, database, name);
      truncateSync(file, Math.floor(statSync(file).size / 3));
    }
  }
}

/** As a number that was never closed cleanly since it was linked: there is no copy of its login. */
async function truncateOnlyLogin(scene: Staged): Promise<void> {
  await truncateLogin(scene);
  rmSync(join(scene.world.place.dataDir, 'snapshots', scene.victim.id), { recursive: true });
}

/** What stands in the way of a profile when it is opened again. */
export const PROFILE_FAULTS: readonly Fault[] = [
  staleLock('lock-dead', 'stale lock of a dead process', () => `${hostname()}-${DEAD_PID}`),
  {
    ...staleLock('lock-stranger', 'stale lock whose pid is now another program', stranger),
    async tidy() {
      for (const child of strangers) child.kill('SIGKILL');
      strangers.clear();
    },
  },
  {
    name: 'lock-old-container',
    words: 'lock of the container that ran before',
    reach: 'one',
    expectation: heals,
    async prepare(scene) {
      await lockAs(scene, `${OLD_CONTAINER}-42`);
      // As the Wakeful there has left it.
      writeFileSync(join(scene.world.profileDir(scene.victim), 'wakeful-host'), OLD_CONTAINER);
    },
    inject: connect,
  },
  {
    name: 'lock-other-host',
    words: 'lock of another host',
    reach: 'one',
    // That host may be alive: only a person can say that it is not.
    expectation: { kind: 'parked', reason: 'profile_in_use' },
    form: 'short',
    withinMs: 30_000,
    prepare: (scene) => lockAs(scene, 'another-host-4711'),
    inject: connect,
    async tidy({ world, victim }) {
      rmSync(join(world.profileDir(victim), 'SingletonLock'), { force: true });
    },
  },
  {
    name: 'leftover-browser',
    words: 'a living browser was left on the profile',
    reach: 'one',
    expectation: heals,
    prepare: leaveBrowser,
    inject: connect,
  },
  {
    name: 'corrupt-profile',
    words: 'files of the login truncated to a third',
    reach: 'one',
    expectation: heals,
    prepare: truncateLogin,
    inject: connect,
  },
  {
    name: 'corrupt-no-snapshot',
    words: 'files of the login truncated to a third, no snapshot of it',
    reach: 'one',
    expectation: { kind: 'qr', reason: 'profile_corrupt' },
    withinMs: 30_000,
    prepare: truncateOnlyLogin,
    inject: connect,
  },
];
