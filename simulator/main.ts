import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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
// Whoever starts the browser wrapper may be another user.
if (ownDir !== undefined) chmodSync(ownDir, 0o711);
const running = runSimulator({
  dir: values.dir ?? ownDir ?? '.',
  port: Number(values.port),
  controlPort: Number(values['control-port']),
  environment: process.env,
});

async function end(code: number): Promise<void> {
  await running.then((simulator) => simulator.stop()).catch(() => undefined);
  if (ownDir !== undefined) rmSync(ownDir, { recursive: true, force: true });
  process.exit(code);
}
// Before it listens, too: whoever changes their mind early must not find the folder left behind.
process.once('SIGTERM', () => void end(0));
process.once('SIGINT', () => void end(0));
// A parent that was killed cannot send a signal any more, but its end of the pipe closes all the same.
if (values['end-with-stdin']) process.stdin.resume().once('close', () => void end(0));

try {
  const { pageUrl, controlUrl, browserWrapper, browserArgs } = await running;
  const told = { event: 'listening', pageUrl, controlUrl, browserWrapper, browserArgs };
  process.stdout.write(`${JSON.stringify(told)}\n`);
} catch (error) {
  process.stderr.write(`the simulator could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  await end(1);
}
