import type { KeptNumber } from '../support/kept-number.js';
import type { ServiceSettings } from '../support/service-process.js';
import type { World } from '../support/world.js';
import type { Chronicle } from './chronicle.js';

/** How a fault must end. */
export type Expectation =
  /** Connected again and sending, without a QR code. */
  | { readonly kind: 'heals' }
  /** Nothing may move: no session is lost, let alone restarted. */
  | { readonly kind: 'untouched' }
  /** A person must scan, and the session says why; until then nothing is tried. */
  | { readonly kind: 'qr'; readonly reason: string }
  /** Waits for a person, and says why. */
  | { readonly kind: 'parked'; readonly reason: string };

/** What a fault is played on. */
export interface Scene {
  readonly world: World;
  readonly victim: KeptNumber;
  /** Those whom the fault reaches. */
  readonly victims: readonly KeptNumber[];
  /** What happened since just before the injection. */
  readonly chronicle: Chronicle;
}

/** One thing that goes wrong. */
export interface Fault {
  /** As `--only` takes it. */
  readonly name: string;
  /** What is done, in a few words. */
  readonly words: string;
  /** `six`: for it, six numbers are kept at least. */
  readonly reach: 'one' | 'six' | 'all';
  readonly expectation: Expectation;
  /** Settings of the service that make a long deadline short; told beside the row. */
  readonly settings?: ServiceSettings;
  readonly settingsWords?: string;
  /** `short` is played in every form, `long` only with --long or by its name. */
  readonly form?: 'short' | 'long';
  /** True when a good service need not notice anything. */
  readonly mayGoUnnoticed?: boolean;
  /** How long the fault itself lasts, milliseconds; then `relieve` ends it. */
  readonly lastsMs?: number;
  /** How long the runner waits for the end, milliseconds. */
  readonly withinMs?: number;
  /** What is promised, milliseconds from the injection. */
  readonly promise?: { readonly foundMs: number; readonly healedMs?: number };
  /** Why it cannot be played on this machine; null when it can. */
  obstacle?(): string | null;
  /** Before the clock starts, with everything still well. */
  prepare?(scene: Omit<Scene, 'chronicle'>): Promise<void>;
  /** The clock starts with this call. */
  inject(scene: Scene): Promise<void>;
  relieve?(scene: Scene): Promise<void>;
  /** After the row is measured, so that the next fault finds everything well. */
  tidy?(scene: Scene): Promise<void>;
}

/** How many numbers a fault reaches that reaches six of them. */
export const SIX = 6;

/** Default of `Fault.withinMs`. */
export const HEALS_WITHIN_MS = 120_000;
