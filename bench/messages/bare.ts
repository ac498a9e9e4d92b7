import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { World } from '../support/world.js';
import type { BareLaunch, BareNews, BareOrder } from './bare-protocol.js';
import type { Block, Sent } from './lanes.js';

/** The plain script, linked to a number of its own. */
export interface Bare {
  send(block: Block): Promise<readonly Sent[]>;
  /** Resolves when its process is gone. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const SENT_WITHIN_MS = 120_000;
/** What the simulator's wrapper adds by itself. */
const OF_THE_WRAPPER = ['--host-resolver-rules=', '--ip-address-space-overrides=', '--ignore-certificate-errors'];

/** The flags that a running browser was started with, but for its profile and what the wrapper adds. */
function flagsOf(browserPid: number): string[] {
  const [, ...flags] = readFileSync(`/proc/${browserPid}/cmdline`, 'utf8').split('\0');
  const dropped = ['--user-data-dir=', ...OF_THE_WRAPPER];
  const kept = flags.filter((flag) => flag !== '' && !dropped.some((start) => flag.startsWith(start)));
  // The service lends its browsers a user of their own; a plain script of root has no sandbox.
  return process.getuid?.() === 0 && !kept.includes('--no-sandbox') ? [...kept, '--no-sandbox'] : kept;
}

/** Starts the plain script with a browser like that of the service's `browserPid`, and scans its code. */
export async function startBare(world: World, browserPid: number, phoneNumber: string): Promise<Bare> {
  const child = fork(fileURLToPath(new URL('./bare-main.js', import.meta.url)), { detached: true });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const order = (given: BareOrder) => void child.send(given);

  /** The first news of a kind; rejects when it failed, ended or took too long. */
  function expectNews<K extends BareNews['tells']>(
    kind: K,
    withinMs: number,
  ): Promise<Extract<BareNews, { tells: K }>> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        child.off('message', take);
        child.off('exit', ended);
      };
      const fail = (words: string) => {
        stop();
        reject(new Error(`the plain script: ${words}`));
      };
      const take = (news: BareNews) => {
        if (news.tells === 'failed') return fail(news.words);
        if (news.tells !== kind) return;
        stop();
        resolve(news as Extract<BareNews, { tells: K }>);
      };
      const ended = () => fail('its process ended');
      const timer = setTimeout(() => fail(`no "${kind}" within ${withinMs / 1000} s`), withinMs);
      child.on('message', take);
      child.once('exit', ended);
    });
  }

  child.on('message', (news: BareNews) => {
    // A code may rotate between the look and the scan; the next one is told as well.
    if (news.tells === 'qr') void world.phones.scanQr(news.qr, phoneNumber).catch(() => undefined);
  });
  const profile = `--user-data-dir=${join(world.folder, 'bare')}`;
  const launch: BareLaunch = { executablePath: world.gate.path, args: [profile, ...flagsOf(browserPid)] };
  const ready = expectNews('ready', READY_WITHIN_MS);
  order({ do: 'start', launch });
  await ready;
  return {
    async send(block) {
      const sent = expectNews('sent', SENT_WITHIN_MS);
      order({ do: 'send', block });
      return (await sent).sent;
    },
    async stop() {
      if (child.connected) order({ do: 'stop' });
      await gone;
    },
  };
}
