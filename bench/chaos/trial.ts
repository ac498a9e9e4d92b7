import type { KeptNumber } from '../support/kept-number.js';
import type { SessionView, TimelineEntry } from '../support/service-api.js';
import { eventually, pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { type Chronicle, lastConnected, textOf, timeOf } from './chronicle.js';
import { type Fault, HEALS_WITHIN_MS, type Scene } from './fault.js';
import type { Accepted, Traffic } from './traffic.js';

/** How one victim came through a fault; times since 1970. */
export interface Ending {
  readonly number: KeptNumber;
  /** It came to where the fault expects it. */
  readonly asExpected: boolean;
  readonly entries: readonly TimelineEntry[];
  readonly view: SessionView | null;
  /** When it was connected and sending again, null when it is not. */
  readonly healedAt: number | null;
  /** When the message that was sent right after the injection arrived. */
  readonly arrivedAt: number | null;
}

/** A message that is sent to see whether it goes through must do so within this. */
const CONFIRM_WITHIN_MS = 30_000;
/** A session that is to stay as it is is watched this long after the fault. */
const WATCH_MS = 10_000;
/** One that waits for a person must not try anything for so long. */
const STILL_MS = 5000;
const LOOK_EVERY_MS = 200;

/** Watches the victims of one fault until each has ended as expected, or its time is over. */
export class Trial {
  readonly #world: World;
  readonly #traffic: Traffic;
  readonly #fault: Fault;
  readonly #scene: Scene;
  readonly #injectedAt: number;

  private constructor(world: World, traffic: Traffic, fault: Fault, scene: Scene, injectedAt: number) {
    this.#world = world;
    this.#traffic = traffic;
    this.#fault = fault;
    this.#scene = scene;
    this.#injectedAt = injectedAt;
  }

  /** Injects the fault and follows it to its end. */
  static async play(
    world: World,
    traffic: Traffic,
    fault: Fault,
    scene: Scene,
  ): Promise<{ injectedAt: number; endings: Ending[] }> {
    const injectedAt = Date.now();
    const trial = new Trial(world, traffic, fault, scene, injectedAt);
    await fault.inject(scene);
    const relieved = trial.#relieve();
    const endings = await Promise.all(scene.victims.map((victim) => trial.#follow(victim, relieved)));
    await relieved;
    return { injectedAt, endings };
  }

  async #relieve(): Promise<void> {
    const { lastsMs } = this.#fault;
    if (lastsMs === undefined) return;
    await pause(Math.max(0, this.#injectedAt + lastsMs - Date.now()));
    await this.#fault.relieve?.(this.#scene);
  }

  async #follow(number: KeptNumber, relieved: Promise<void>): Promise<Ending> {
    const { expectation, withinMs = HEALS_WITHIN_MS } = this.#fault;
    const until = this.#injectedAt + withinMs;
    const probe = this.#traffic.send(number);
    await relieved;
    switch (expectation.kind) {
      case 'heals':
        return this.#untilHealed(number, probe, until);
      case 'untouched':
        await pause(WATCH_MS);
        return this.#untilHealed(number, probe, until);
      case 'qr':
        return this.#untilParked(number, until, ({ status, reason, userAction }) => {
          const waits = status === 'disconnected' || status === 'qr_pending';
          return waits && reason === expectation.reason && userAction === 'scan_qr';
        });
      case 'parked':
        return this.#untilParked(number, until, ({ status, reason, userAction }) => {
          return status === 'error' && reason === expectation.reason && userAction !== 'none';
        });
      default:
        return expectation satisfies never;
    }
  }

  async #untilHealed(number: KeptNumber, probe: Promise<Accepted | null>, until: number): Promise<Ending> {
    const isBack = async () => {
      const entries = await this.#entries(number);
      if (entries === null || (entries.length === 0 && !this.#mayGoUnnoticed)) return false;
      return (await this.#world.view(number))?.status === 'connected';
    };
    let healedAt: number | null = null;
    let arrivedAt: number | null = null;
    while (healedAt === null && Date.now() < until) {
      if ((await eventually(until - Date.now(), isBack, LOOK_EVERY_MS)) === null) break;
      arrivedAt = await this.#arrival(number, await probe);
      // The first message may have slipped out before the fault took hold: only a later one shows that it is over.
      const confirmed = await this.#arrival(number, await this.#traffic.send(number));
      if (arrivedAt === null || confirmed === null || !(await isBack())) continue;
      const back = lastConnected((await this.#entries(number)) ?? []);
      healedAt = Math.max(arrivedAt, back === undefined ? 0 : timeOf(back));
    }
    const ending = await this.#ending(number, healedAt !== null);
    const moved = this.#fault.expectation.kind === 'untouched' && ending.entries.length > 0;
    return { ...ending, asExpected: ending.asExpected && !moved, healedAt, arrivedAt };
  }

  async #untilParked(number: KeptNumber, until: number, isThere: (view: SessionView) => boolean): Promise<Ending> {
    const parked = await eventually(
      until - Date.now(),
      async () => {
        const view = await this.#world.view(number);
        return view !== null && isThere(view);
      },
      LOOK_EVERY_MS,
    );
    return this.#ending(number, parked !== null && (await this.#staysParked(number)));
  }

  /** Nothing is tried while a person is waited for; new QR codes are no attempt. */
  async #staysParked(number: KeptNumber): Promise<boolean> {
    const moves = async () => (await this.#entries(number))?.filter(({ event }) => event !== 'session.qr_shown').length;
    const before = await moves();
    await pause(STILL_MS);
    return (await moves()) === before;
  }

  /** When WhatsApp got this message; null when it did not in time. */
  async #arrival({ id: sessionId, phoneNumber }: KeptNumber, message: Accepted | null): Promise<number | null> {
    if (message === null) return null;
    const path = `/api/sessions/${sessionId}/messages/${message.id}`;
    const left = await eventually(
      CONFIRM_WITHIN_MS,
      async () => {
        const answer = await this.#world.api.call<{ status: string }>('GET', path).catch(() => null);
        return answer !== null && answer.status !== 'queued' && answer.status !== 'sending';
      },
      LOOK_EVERY_MS,
    );
    if (left === null) return null;
    const sent = await this.#world.phones.sent(phoneNumber);
    return sent.find(({ body }) => body === message.body)?.firstAt ?? null;
  }

  get #mayGoUnnoticed(): boolean {
    return this.#fault.mayGoUnnoticed === true || this.#fault.expectation.kind === 'untouched';
  }

  #entries(number: KeptNumber): ReturnType<Chronicle['of']> {
    return this.#scene.chronicle.of(number);
  }

  async #ending(number: KeptNumber, asExpected: boolean): Promise<Ending> {
    const [entries, view] = [await this.#entries(number), await this.#world.view(number)];
    return { number, asExpected, entries: entries ?? [], view, healedAt: null, arrivedAt: null };
  }
}

/** The rung and the reason that an ending shows. */
export function rungAndReason({ entries, view }: Ending): { rung: string | null; reason: string | null } {
  const isBack = view?.status === 'connected';
  const back = isBack ? lastConnected(entries) : undefined;
  const lost = entries.findLast(
    ({ event }) => event === 'session.lost' || event === 'session.gave_up' || event === 'session.parked',
  );
  const parked = isBack ? null : (view?.reason ?? null);
  const started = entries.some(({ event }) => event === 'session.starting') ? 'start' : null;
  return {
    rung: textOf(back, 'rung') ?? (back === undefined ? null : started),
    reason: parked ?? textOf(back, 'reason') ?? textOf(lost, 'reason'),
  };
}
