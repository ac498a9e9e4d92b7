import { pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { type InsideLook, type Look, lookAround } from './look.js';
import { type Finding, judge, type Measure } from './measures.js';

/** A leak stays; what a moment's work holds, and other programs in shared folders, is gone by then. */
const MOMENT_MS = 30_000;
const LOOK_AGAIN_MS = 1000;

interface After {
  readonly world: World;
  readonly measured: readonly Measure[];
  readonly before: Look;
  /** Of each restart in between. */
  readonly samples: readonly InsideLook[];
  readonly signal: AbortSignal;
}

/** Looks at everything once more and compares it; again for a while when all that is too much may be of the moment only. */
export async function lookAfter({ world, measured, before, samples, signal }: After) {
  for (const untilMs = Date.now() + MOMENT_MS; ; await pause(LOOK_AGAIN_MS)) {
    const after = await lookAround(world);
    const findings = judge(measured, before, after, samples);
    if (!isWorthAnotherLook(findings) || signal.aborted || Date.now() > untilMs) return { after, findings };
  }
}

/** Something is too much, and all of that may pass: what cannot is not forgiven by waiting. */
export function isWorthAnotherLook(findings: readonly Finding[]): boolean {
  const grown = findings.filter(({ ok }) => !ok);
  return grown.length > 0 && grown.every(({ mayPass }) => mayPass);
}
