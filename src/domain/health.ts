/** What one probe saw: two short round trips with deadlines of their own, never more than one outstanding. */
export interface ProbeObservation {
  /** `Runtime.evaluate` in the page answered. */
  pageAnswered: boolean;
  /** `Browser.getVersion` answered; only asked when the page did not. */
  browserAnswered: boolean;
  /** Our own event loop stalled while the probe ran, so that silence proves nothing. */
  voided: boolean;
  /** `Socket.state` of the page, null when there is none. */
  socketState: string | null;
  /** whatsapp-web.js is still injected into this document. */
  injected: boolean;
  latencyMs: number;
}

export const PROBE_VERDICTS = [
  'healthy',
  'unknown',
  'page_hung',
  'browser_hung',
  'socket_lost',
  'not_injected',
] as const;
export type ProbeVerdict = (typeof PROBE_VERDICTS)[number];

/** The memory between probes: how often in a row the same thing was wrong. */
export interface ProbeHistory {
  readonly suspicion: ProbeVerdict;
  readonly misses: number;
}

export const NO_SUSPICION: ProbeHistory = { suspicion: 'healthy', misses: 0 };

function suspect(observation: ProbeObservation): ProbeVerdict {
  if (!observation.pageAnswered) return observation.browserAnswered ? 'page_hung' : 'browser_hung';
  if (!observation.injected) return 'not_injected';
  return observation.socketState === 'CONNECTED' ? 'healthy' : 'socket_lost';
}

/**
 * Turns observations into a verdict. One bad probe is only a suspicion (`unknown`): a page that reloads itself or a
 * busy moment looks the same; `missesForVerdict` bad ones in a row are a verdict.
 */
export function judgeProbe(
  history: ProbeHistory,
  observation: ProbeObservation,
  missesForVerdict: number,
): { verdict: ProbeVerdict; history: ProbeHistory } {
  if (observation.voided) return { verdict: 'unknown', history };
  const suspicion = suspect(observation);
  if (suspicion === 'healthy') return { verdict: 'healthy', history: NO_SUSPICION };
  const misses = history.misses + 1;
  return { verdict: misses >= missesForVerdict ? suspicion : 'unknown', history: { suspicion, misses } };
}
