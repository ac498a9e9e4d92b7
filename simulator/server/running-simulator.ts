import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findRealBrowser, simulatorArgs, writeBrowserWrapper } from './browser-wrapper.js';
import { ControlApi } from './control-api.js';
import { PageServer } from './page-server.js';
import { createSimulatorParts, type SimulatorParts } from './simulator-parts.js';
import { StateFile } from './state-file.js';

export interface RunOptions {
  /** Work folder, made when it is not there. */
  readonly dir: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly controlPort: number;
  readonly environment: NodeJS.ProcessEnv;
}

export interface RunningSimulator {
  readonly pageUrl: string;
  readonly controlUrl: string;
  readonly browserWrapper: string;
  readonly browserArgs: readonly string[];
  readonly parts: SimulatorParts;
  stop(): Promise<void>;
}

/** The whole simulator in this process. */
export async function runSimulator(options: RunOptions): Promise<RunningSimulator> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const stateFile = new StateFile(dir, () => parts.whatsapp.accounts.snapshot());
  const parts: SimulatorParts = createSimulatorParts(
    () => stateFile.touch(),
    () => pages.settle(),
  );
  parts.whatsapp.accounts.restore(stateFile.load());
  const pages: PageServer = new PageServer(parts.whatsapp, parts.board, () => parts.settings.current);
  const control = new ControlApi(parts);

  const port = await pages.start(options.port);
  const controlPort = await control.start(options.controlPort);
  let stopped: Promise<void> | undefined;
  return {
    pageUrl: `https://127.0.0.1:${port}`,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    browserWrapper: browserFor(dir, port, options.environment),
    browserArgs: simulatorArgs(port),
    parts,
    stop() {
      stopped ??= (async () => {
        parts.board.clear();
        parts.whatsapp.stop();
        await Promise.all([pages.stop(), control.stop()]);
        stateFile.close();
      })();
      return stopped;
    },
  };
}

/** Without a browser the servers are still of use; the wrapper's path is then where it would be. */
function browserFor(dir: string, port: number, environment: NodeJS.ProcessEnv): string {
  try {
    return writeBrowserWrapper(dir, findRealBrowser(environment), port);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return join(dir, 'browser');
  }
}
