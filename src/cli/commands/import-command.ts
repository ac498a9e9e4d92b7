import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { findForeignProfiles, importProfile } from '../../adapters/chromium/profile-import.js';
import { lookAtFolderLock } from '../../adapters/data-folder-lock.js';
import { loadConfig } from '../../config.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseSessionId } from '../connection.js';

interface ImportOptions {
  move?: boolean;
  dryRun?: boolean;
  as?: string;
}

/** `import`: takes over logins of other programs, without a new QR code. */
export function addImportCommand(program: Command, frame: Frame): void {
  program
    .command('import')
    .description(
      'take over the logins of another whatsapp-web.js program (LocalAuth), which must not run; needs no service',
    )
    .argument('<folder>', 'its .wwebjs_auth, or the folder that this is in, or one session-<id>')
    .option('--dry-run', 'only list what is found')
    .option('--move', 'move them instead of copying')
    .option('--as <id>', 'call it so, when there is only one', parseSessionId)
    .action((folder: string, options: ImportOptions) => importAll(folder, options, frame));
}

async function importAll(
  folder: string,
  { move = false, dryRun = false, as }: ImportOptions,
  { world, printer }: Frame,
): Promise<void> {
  const print = printer();
  const { authDir } = loadConfig(world.env, world.cwd);
  const found = await findForeignProfiles(resolve(world.cwd, folder), {
    authDir,
    hostname: hostname(),
    as: as ?? null,
  });
  if (found.length === 0)
    throw new CliFailure(EXIT.refused, `There is no session-<id> folder of LocalAuth in ${folder}.`);
  if (as !== undefined && found.length > 1) {
    throw new CliFailure(EXIT.usage, `There are ${found.length} profiles in ${folder}: --as names only one.`);
  }
  const done = move ? 'moved' : 'copied';
  const items: { id: string; from: string; result: string; why: string | null }[] = [];
  for (const profile of found) {
    const { sessionId: id, path: from, obstacle } = profile;
    if (obstacle === null && !dryRun) await importProfile(profile, authDir, move);
    const result = obstacle !== null ? 'refused' : dryRun ? 'ready' : done;
    items.push({ id, from, result, why: obstacle });
  }
  print.answer({ items }, () => {
    const rows = items.map(({ id, from, result, why }) => ({
      cells: [id, result, why ?? from],
      ...(why === null ? {} : { mood: 'bad' as const }),
    }));
    print.table(['ID', 'RESULT', ''], rows, '');
  });
  if (items.some(({ result }) => result === done)) tellNext();
  const refused = items.filter(({ result }) => result === 'refused').length;
  if (refused > 0) throw new CliFailure(EXIT.refused, `${refused} of ${items.length} cannot be taken over.`);

  function tellNext(): void {
    const isRunning = lookAtFolderLock(authDir).held !== 'no';
    print.hint(`They are in ${authDir}. ${isRunning ? 'Restart the service' : 'Start the service'}: it adopts them.`);
    print.hint('Do not start the other program with them again: two on one login throw each other out.');
  }
}
