import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runSimulator } from './server/running-simulator.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
    dir: { type: 'string' },
    'end-with-stdin': { type: 'boolean', default: false },
  },
});

const ownDir = values.dir === undefined ? mkdtempSync(join(tmpdir(), 'wakeful-simulator-')) : undefined;
const simulator = await runSimulator({
  dir: values.dir ?? ownDir ?? '.',
  port: Number(values.port),
  controlPort: Number(values['control-port']),
  environment: process.env,
});

const { pageUrl, controlUrl, browserWrapper } = simulator;
process.stdout.write(`${JSON.stringify({ event: 'listening', pageUrl, controlUrl, browserWrapper })}\n`);

async function end(): Promise<void> {
  await simulator.stop();
  if (ownDir !== undefined) rmSync(ownDir, { recursive: true, force: true });
  process.exit(0);
}
process.once('SIGTERM', () => void end());
process.once('SIGINT', () => void end());
// A parent that was killed cannot send a signal any more, but its end of the pipe closes all the same.
if (values['end-with-stdin']) process.stdin.resume().once('close', () => void end());
