import { seededRandom } from '../../support/seeded-random.js';

/** When a kill strikes: so long after the service has reached this. */
export interface KillMoment {
  readonly after: 'spawn' | 'ready' | 'connected';
  readonly delayMs: number;
}

/** A start takes about as long until all numbers are connected: any moment of it may be hit. */
const START_MS = 3000;
const WORK_MS = 2500;
/** Taken in turns: every other kill strikes while messages are on their way. */
const STAGES = ['connected', 'spawn', 'connected', 'ready'] as const;

/** The moments of `count` kills, the same ones for the same seed. */
export function killMoments(count: number, seed: number): KillMoment[] {
  const random = seededRandom(seed, 'kills');
  return Array.from({ length: count }, (_, nth) => {
    const after = STAGES[nth % STAGES.length] ?? 'connected';
    return { after, delayMs: Math.round(random() * (after === 'spawn' ? START_MS : WORK_MS)) };
  });
}

/** How many of the moments follow which stage, in words. */
export function momentsInWords(moments: readonly KillMoment[]): string {
  const count = (stage: KillMoment['after']) => moments.filter(({ after }) => after === stage).length;
  return `${count('spawn')} during the start, ${count('ready')} when ready, ${count('connected')} when connected`;
}
