import { writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { type Machine, thisMachine } from '../support/machine.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { type KillsReport, killsTable, runKills } from './kills/run.js';
import { runWebhooks, type WebhooksReport, webhooksTable } from './webhooks/run.js';

/** Everything that was counted; what `--json` writes. */
interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly seed: number;
  readonly machine: Machine;
  readonly kills: KillsReport | null;
  readonly webhooks: WebhooksReport | null;
  readonly failures: readonly string[];
}

async function run(flags: Flags, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const { experiments, seed } = flags;
  const plan = { ...flags, say, signal };
  const kills = experiments.includes('kills') ? await runKills(plan) : null;
  if (kills) say(`\n${killsTable(kills)}\n`);
  const webhooks = experiments.includes('webhooks') && !signal.aborted ? await runWebhooks(plan) : null;
  if (webhooks) say(`\n${webhooksTable(webhooks)}\n`);
  return {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    seed,
    machine: thisMachine(),
    kills,
    webhooks,
    failures: [...(kills?.failures ?? []), ...(webhooks?.failures ?? [])],
  };
}

/** Gives the exit code: 1 when something was lost, came twice or out of order, or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await run(flags, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  if (report.failures.length > 0) return 1;
  say(`Everything arrived once and in order, in ${report.tookSeconds} s.`);
  return 0;
}

void play({ usage: USAGE, readFlags, main });
