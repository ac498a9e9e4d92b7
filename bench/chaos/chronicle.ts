import type { KeptNumber } from '../support/kept-number.js';
import { ServiceRefusal, type TimelineEntry } from '../support/service-api.js';
import type { World } from '../support/world.js';

/** What moves a session; everything else in a timeline (stable, a snapshot taken) is no sign of a fault. */
const MOVES: readonly string[] = [
  'session.starting',
  'session.lost',
  'session.healing',
  'session.retry_scheduled',
  'session.attempt',
  'session.suspended',
  'session.gave_up',
  'session.parked',
  'session.stopped',
  'session.logged_out',
  'session.credentials_failed',
  'session.qr_shown',
  'session.connected',
];

/** The timelines of all numbers from a moment on. */
export class Chronicle {
  readonly #world: World;
  readonly #from = new Map<string, number>();

  private constructor(world: World) {
    this.#world = world;
  }

  /** Remembers where every timeline ends now. */
  static async begin(world: World): Promise<Chronicle> {
    const chronicle = new Chronicle(world);
    for (const { id } of world.numbers) {
      chronicle.#from.set(id, (await world.api.timeline(id, 0)).at(-1)?.seq ?? 0);
    }
    return chronicle;
  }

  /** What has moved this number since, oldest first; null while the service does not answer. */
  async of({ id }: KeptNumber): Promise<readonly TimelineEntry[] | null> {
    try {
      const entries = await this.#world.api.timeline(id, this.#from.get(id) ?? 0);
      return entries.filter(({ event }) => MOVES.includes(event));
    } catch (error) {
      if (error instanceof ServiceRefusal) return null;
      throw error;
    }
  }
}

/** When an entry was written, milliseconds since 1970. */
export function timeOf(entry: TimelineEntry): number {
  return Date.parse(entry.at);
}

/** The last return of this number that the entries tell of. */
export function lastConnected(entries: readonly TimelineEntry[]): TimelineEntry | undefined {
  return entries.findLast(({ event }) => event === 'session.connected');
}

/** A field of an entry's data when it is a text. */
export function textOf(entry: TimelineEntry | undefined, field: string): string | null {
  const value = entry?.data[field];
  return typeof value === 'string' ? value : null;
}
