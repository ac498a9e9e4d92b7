import { setTimeout as pause } from 'node:timers/promises';

/** A message that is to be sent; no two have the same words. */
export interface Job {
  readonly to: string;
  readonly text: string;
}

/** One message that was sent. Times are milliseconds since 1970, with fractions. */
export interface Sent {
  readonly text: string;
  readonly startedAt: number;
  /** When the call for it returned. */
  readonly returnedAt: number;
  /** When the sender knew that WhatsApp has it. */
  readonly acknowledgedAt: number;
}

/** Sends one message; resolves when WhatsApp has acknowledged it. */
export type Send = (job: Job) => Promise<Sent>;

/** The time of now, finer than Date.now(). */
export const preciseNow = (): number => performance.timeOrigin + performance.now();

/** What a block of messages is: who sends what, and how long each sender rests after a message, milliseconds. */
export interface Block {
  readonly lanes: readonly (readonly Job[])[];
  readonly restMs: number;
}

/** Every lane is a sender that waits for one message, and rests, before it sends the next; all lanes at once. */
export async function sendInLanes({ lanes, restMs }: Block, send: Send): Promise<Sent[]> {
  const inLane = async (jobs: readonly Job[]): Promise<Sent[]> => {
    const sent: Sent[] = [];
    for (const job of jobs) {
      sent.push(await send(job));
      if (restMs > 0) await pause(restMs);
    }
    return sent;
  };
  return (await Promise.all(lanes.map(inLane))).flat();
}
