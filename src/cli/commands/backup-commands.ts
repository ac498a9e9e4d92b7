import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { createSystemClock } from '../../adapters/clock.js';
import { lookAtFolderLock } from '../../adapters/data-folder-lock.js';
import { acquireServiceFolders } from '../../adapters/service-folders.js';
import { type Config, loadConfig } from '../../config.js';
import type { Frame } from '../connection.js';

const MB = 2 ** 20;

/** `backup` and `restore`: the folders of the service as one file. They need no running service. */
export function addBackupCommands(program: Command, { world, printer }: Frame): void {
  /** Nobody else starts on the folders meanwhile. */
  async function alone<T>(config: Config, work: () => Promise<T>): Promise<T> {
    const tell = (words: string) => world.err(`wakeful: ${words}\n`);
    const folders = await acquireServiceFolders(config, { clock: createSystemClock(), tell });
    return work().finally(() => folders.release());
  }

  program
    .command('backup')
    .description(
      'write logins, database and files of the service into one file, also while it runs; as secret as the logins',
    )
    .argument('<file>', 'the file to make, such as wakeful.tar.gz')
    .action(async (name: string) => {
      const { makeBackup } = await import('../../adapters/backup.js');
      const config = loadConfig(world.env, world.cwd);
      const file = resolve(world.cwd, name);
      const isLive = [config.dataDir, config.authDir].some((folder) => lookAtFolderLock(folder).held !== 'no');
      const { dataDir, authDir } = config;
      const make = () => makeBackup({ dataDir, authDir, file, isLive, version: world.version, now: world.now() });
      const backup = await (isLive ? make() : alone(config, make));
      const { size } = await stat(file);
      const print = printer();
      print.answer({ file, bytes: size, ...backup }, () => {
        const { sessions, logins } = backup;
        print.line(
          `${file}: ${counted(sessions, 'session')}, ${counted(logins, 'login')}, ${(size / MB).toFixed(1)} MB.`,
        );
        if (isLive) print.hint('The service runs: each login is as of the last time that its browser was closed.');
        const without = sessions.filter((id) => !logins.includes(id));
        const why = isLive ? 'not linked, or not closed since' : 'not linked';
        if (without.length > 0) print.hint(`Without a login (${why}): ${without.join(', ')}.`);
        print.hint('Whoever has this file can read and write as your numbers. It is not encrypted.');
      });
    });

  program
    .command('restore')
    .description('put a backup into the folders of a service that is not there yet; its numbers need no new QR code')
    .argument('<file>', 'what `backup` made')
    .option('--cancel-queued', 'cancel the messages that were queued then: the old service may have sent them since')
    .action(async (name: string, { cancelQueued = false }: { cancelQueued?: boolean }) => {
      const { restoreBackup } = await import('../../adapters/restore.js');
      const config = loadConfig(world.env, world.cwd);
      const { dataDir, authDir } = config;
      const file = resolve(world.cwd, name);
      await stat(file);
      const restored = await alone(config, () =>
        restoreBackup({ dataDir, authDir, file, cancelQueued, now: world.now() }),
      );
      const print = printer();
      print.answer(restored, () => {
        const { sessions, logins, madeAt, unsent } = restored;
        print.line(
          `${counted(sessions, 'session')} and ${counted(logins, 'login')} of ${madeAt} are in ${dataDir} and ${authDir}.`,
        );
        if (unsent > 0) {
          print.hint(`Queued then, and sent by the next start: ${unsent}, also what the old service has sent since.`);
          print.hint('Restore once more with --cancel-queued if that must not be.');
        }
        print.hint(
          'Start the service only when the old one has ended for good: two on one login throw each other out.',
        );
      });
    });
}

function counted(list: readonly string[], noun: string): string {
  return `${list.length} ${noun}${list.length === 1 ? '' : 's'}`;
}
