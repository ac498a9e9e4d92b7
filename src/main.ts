import './quiet-debug.js';
import { compose } from './compose.js';
import { loadConfig } from './config.js';

const TOLD_AT_MOST = 50;
const TOLD_EVERY_MS = 60_000;

/**
 * Process entry: configuration → compose → start; tells pm2 when it is ready; the first signal drains, a second one
 * ends it now.
 */
async function main(): Promise<void> {
  // A console that nobody reads any more (a closed pipe) must not matter: without a listener each line would be an
  // uncaught exception, whose own line would be the next one.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const [, program = '', ...args] = process.argv;
  if (program.endsWith('main.js') && args.length > 0)
    throw new Error(
      'it takes no arguments, only settings: docs/configuration.md. "npx wakeful --help" tells the commands',
    );
  const config = loadConfig(process.env, process.cwd());
  const service = await compose(config);
  const { logger } = service;

  // One session's client can never end the process or touch another session: log it and go on.
  let told = 0;
  setInterval(() => {
    told = 0;
  }, TOLD_EVERY_MS).unref();
  const tell = (what: string, reason: unknown) => {
    told += 1;
    // What comes again and again must not fill the disk.
    if (told <= TOLD_AT_MOST) logger.error('service.unhandled', `${what}: ${wordsOf(reason)}`);
  };
  process.on('unhandledRejection', (reason) => tell('Unhandled rejection', reason));
  process.on('uncaughtException', (error) => tell('Uncaught exception', error));

  service.lost.then((why) => {
    process.stderr.write(`wakeful: ${why}; this one ends\n`);
    process.exit(1);
  });

  let exitCode = 0;
  const endNow = (why: string) => {
    // Also when the shutdown is done while this is being written.
    exitCode = 1;
    return service.lastWords(why).finally(() => process.exit(exitCode));
  };
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return endNow(`a second signal came (${signal})`);
    stopping = true;
    // A browser that will not die must not keep the process for ever: pm2 would kill it less politely.
    const { shutdownMs } = config.deadlines;
    setTimeout(() => endNow(`it is not done after ${shutdownMs / 1000} s`), shutdownMs).unref();
    return service.stop(signal).then(
      () => process.exit(exitCode),
      (error: unknown) => endNow(wordsOf(error)),
    );
  };
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // The terminal was closed: the logins must still be written to disk.
  process.on('SIGHUP', () => stop('SIGHUP'));
  process.on('message', (message) => {
    if (message === 'shutdown') stop('shutdown');
  });

  try {
    await service.start();
  } catch (error) {
    await service.stop(`the start failed: ${error instanceof Error ? error.message : String(error)}`);
    throw error;
  }
  process.send?.('ready');
}

function wordsOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

main().catch((error: unknown) => {
  // What stops a start is told in one plain sentence; a stack trace helps nobody who has to mend a setting.
  process.stderr.write(`wakeful: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
