import { pause } from '../../support/waiting.js';
import type { World } from '../../support/world.js';
import type { Written } from './told.js';

interface Writing {
  readonly messages: number;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly onWritten: (message: Written) => void;
}

/** Customers of all numbers write in turns, whether a number listens or not. */
export async function letCustomersWrite(
  { numbers, phones }: World,
  { messages, everyMs, signal, onWritten }: Writing,
): Promise<void> {
  for (let count = 0; count < messages && !signal.aborted; count += 1) {
    const number = numbers[count % numbers.length];
    const from = number?.customers[Math.floor(count / numbers.length) % number.customers.length];
    if (number === undefined || from === undefined) break;
    const at = Date.now();
    const { id } = await phones.deliver(number.phoneNumber, { from, body: `to ${number.id} comes ${count + 1}` });
    onWritten({ id, sessionId: number.id, from, at });
    await pause(everyMs);
  }
}
