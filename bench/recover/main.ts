import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { judgeRatios } from '../chaos/report.js';
import { measureRestore, type RestoreMeasure } from '../chaos/restore-measure.js';
import { Traffic } from '../chaos/traffic.js';
import { play, say } from '../support/command.js';
import { thisMachine } from '../support/machine.js';
import { World } from '../support/world.js';

const USAGE = `node dist/tools/bench/recover/main.js [options]
  --rounds R    a bare start and a SIGKILL each, in turns; the medians count (10)
  --heap MB     heap that the page holds besides its own (60)
  --json FILE   what was measured
  --keep        leave the folder with the service's logs`;

/** As the chaos runs promise it. */
const LIMITS = { restoreRatio: 1.3, hungPageMs: Number.POSITIVE_INFINITY };

async function measure(rounds: number, heapMb: number, keep: boolean): Promise<RestoreMeasure> {
  const world = await World.open(1);
  try {
    await world.phones.settings({ heapBallastMb: heapMb });
    const [number] = world.numbers;
    if (number === undefined) throw new Error('there is no number to measure');
    return await measureRestore(world, new Traffic(world, 1), number, rounds);
  } finally {
    await world.close(keep);
    if (keep) say(`Logs are in ${world.folder}`);
  }
}

function readFlags(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '10' },
      heap: { type: 'string', default: '60' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const [rounds, heapMb] = [Number(values.rounds), Number(values.heap)];
  if (!(Number.isInteger(rounds) && rounds > 0))
    throw new Error(`--rounds takes a whole number from 1 on, not ${rounds}`);
  if (!(Number.isInteger(heapMb) && heapMb >= 0))
    throw new Error(`--heap takes a whole number from 0 on, not ${heapMb}`);
  return { rounds, heapMb, json: values.json ?? null, keep: values.keep };
}

/** Gives the exit code: 1 when the message took longer than it may. */
async function main({ rounds, heapMb, json, keep }: ReturnType<typeof readFlags>): Promise<number> {
  const restore = await measure(rounds, heapMb, keep);
  const list = (values: readonly number[]) => values.map((ms) => (ms / 1000).toFixed(2)).join(' ');
  say(`a bare start until connected, s:               ${list(restore.bareMs)}`);
  say(`browser SIGKILL until the message arrives, s:  ${list(restore.afterKillMs)}`);
  const { lines, failures } = judgeRatios(restore, [], LIMITS);
  for (const line of lines) say(line);
  if (json !== null) {
    const report = { machine: thisMachine(), heapMb, ...restore, failures };
    writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  }
  for (const failure of failures) say(`FAILED: ${failure}`);
  return failures.length > 0 ? 1 : 0;
}

void play({ usage: USAGE, readFlags, main });
