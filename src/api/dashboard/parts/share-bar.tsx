import type { SessionView } from '../contract.js';
import { countStatuses } from '../model/session-filter.js';
import { STATUS_LOOK } from '../model/status-look.js';

/** How the numbers are spread over the states, as one bar. The counts stand beside it. */
export function ShareBar({ sessions }: { sessions: ReadonlyMap<string, SessionView> }) {
  let x = 0;
  return (
    <svg class="share" viewBox={`0 0 ${Math.max(1, sessions.size)} 1`} preserveAspectRatio="none" aria-hidden="true">
      {countStatuses(sessions.values()).map(({ status, count }) => {
        const part = <rect key={status} class={STATUS_LOOK[status].tone} x={x} width={count} height="1" />;
        x += count;
        return part;
      })}
    </svg>
  );
}
