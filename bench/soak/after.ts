import { pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { type InsideLook, type Look, lookAround } from './look.js';
import { type Finding, judge, type Measure } from './measures.js';

/** A leak stays; what a moment's work holds, and other programs in shared folders, is gone by then. */
const MOMENT_MS = 30_000;
const LOOK_AGAIN_MS = 1000;

/** Looks at everything once more and compares it; again for a while as long as something is more than it may be. */
export async function lookAfter(
  world: World,
  measured: readonly Measure[],
  before: Look,
  samples: readonly InsideLook[],
): Promise<{ after: Look; findings: Finding[] }> {
  for (const untilMs = Date.now() + MOMENT_MS; ; await pause(LOOK_AGAIN_MS)) {
    const after = await lookAround(world);
    const findings = judge(measured, before, after, samples);
    if (findings.every(({ ok }) => ok) || Date.now() > untilMs) return { after, findings };
  }
}
