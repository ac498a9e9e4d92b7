import { loadConfig } from '../../src/config.js';
import type { Policy, TransitionContext } from '../../src/domain/policy.js';

/** The policy of a preset in `config/`, exactly as the service would load it. */
export function policyOf(preset: string): Policy {
  return loadConfig({ WAKEFUL_PRESET: preset }, '/');
}

/** The policy of a preset without jitter, so that a test can name every wait. */
export function steadyPolicy(preset = 'standard'): Policy {
  const policy = policyOf(preset);
  return { ...policy, backoff: { ...policy.backoff, jitter: 0 } };
}

/** What a transition knows beside state and event; the defaults are the standard policy without jitter. */
export function contextAt(now: number, change: Partial<TransitionContext> = {}): TransitionContext {
  return { sessionId: 'sales', now, random: 0, gateClosed: false, policy: steadyPolicy(), ...change };
}
