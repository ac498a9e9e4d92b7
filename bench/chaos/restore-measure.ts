import type { KeptNumber } from '../support/kept-number.js';
import { sendSignal } from '../support/process-table.js';
import { mustHappen, pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { Chronicle, lastConnected, timeOf } from './chronicle.js';
import type { Traffic } from './traffic.js';

/** How long a message waits for a killed browser, against a start of the same profile that nothing disturbs. */
export interface RestoreMeasure {
  /** Launch to connected, milliseconds, one per round. */
  readonly bareMs: readonly number[];
  /** SIGKILL of the browser to the arrival of a message sent right after it. */
  readonly afterKillMs: readonly number[];
}

const WITHIN_MS = 90_000;

/** Takes turns between the two, so that a busy machine is as unfair to the one as to the other. */
export async function measureRestore(
  world: World,
  traffic: Traffic,
  number: KeptNumber,
  rounds: number,
): Promise<RestoreMeasure> {
  const bareMs: number[] = [];
  const afterKillMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    bareMs.push(await bareRestore(world, number));
    afterKillMs.push(await arrivalAfterKill(world, traffic, number));
  }
  return { bareMs, afterKillMs };
}

async function bareRestore(world: World, number: KeptNumber): Promise<number> {
  await mustHappen(`${number.id} is calm`, WITHIN_MS, () => world.calm(number));
  await world.api.disconnect(number.id);
  // Let the machine settle: what the old browser still writes is no part of a start.
  await pause(500);
  const chronicle = await Chronicle.begin(world);
  await world.api.connect(number.id);
  return mustHappen(`${number.id} is restored`, WITHIN_MS, async () => {
    const entries = (await chronicle.of(number)) ?? [];
    const [started, back] = [entries.find(({ event }) => event === 'session.starting'), lastConnected(entries)];
    return started !== undefined && back !== undefined && timeOf(back) - timeOf(started);
  });
}

async function arrivalAfterKill(world: World, traffic: Traffic, number: KeptNumber): Promise<number> {
  await mustHappen(`${number.id} is calm`, WITHIN_MS, () => world.calm(number));
  const pid = await world.browserPid(number);
  const killedAt = Date.now();
  sendSignal(pid, 'SIGKILL');
  const message = await traffic.send(number);
  return mustHappen(`the message of ${number.id} arrives`, WITHIN_MS, async () => {
    const sent = await world.phones.sent(number.phoneNumber);
    const found = sent.find(({ body }) => body === message?.body);
    return found !== undefined && found.firstAt - killedAt;
  });
}
