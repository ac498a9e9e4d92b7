import type { Machine } from '../support/machine.js';
import { allowedMs, type Spread, type WayFigures } from './figures.js';

/** Both ways, with as many senders at a time. */
export interface Comparison {
  readonly senders: number;
  readonly bare: WayFigures;
  readonly api: WayFigures;
}

/** Everything a run found out; what `--json` writes. */
export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly messages: number;
  readonly comparisons: readonly Comparison[];
  /** A `POST` that asks for no wait, until its 202. */
  readonly accepted: Spread;
  /** From a customer's message at WhatsApp until the webhook was called. */
  readonly webhook: Spread;
}

interface Line {
  readonly words: string;
  readonly bare: Spread;
  readonly api: Spread;
  /** Whether both measure the same, so that what the API may take can be said. */
  readonly isAlike: boolean;
}

/** What is compared of one number of senders. The calls themselves return at different points, and are only told. */
function linesOf({ bare, api, senders }: Comparison): Line[] {
  const who = senders === 1 ? '1 sender' : `${senders} senders`;
  return [
    { words: `${who}: WhatsApp has it`, bare: bare.arrival, api: api.arrival, isAlike: true },
    { words: `${who}: acknowledged`, bare: bare.acknowledged, api: api.acknowledged, isAlike: true },
    { words: `${who}: call returns`, bare: bare.returned, api: api.returned, isAlike: false },
  ];
}

const holds = ({ bare, api }: { bare: Spread; api: Spread }) => api.p50 <= allowedMs(bare.p50);

/**
 * Whether one sender's message is with WhatsApp at most 1.2 times as late as the plain script's, and 5 ms. What
 * `sendMessage` does not do (wait for the acknowledgement) and what is a matter of how many processors there are (ten
 * senders at once) is told beside it.
 */
export function meetsGoal({ comparisons }: Pick<Report, 'comparisons'>): boolean {
  return comparisons
    .filter(({ senders }) => senders === 1)
    .every(({ bare, api }) => holds({ bare: bare.arrival, api: api.arrival }));
}

const ms = (value: number) => value.toFixed(1);

function row(cells: readonly string[]): string {
  return cells.map((cell, index) => (index === 0 ? cell.padEnd(28) : cell.padStart(10))).join(' ');
}

/** The table of a run, with what it means below. */
export function tableOf(report: Pick<Report, 'comparisons' | 'accepted' | 'webhook'>): string {
  const { comparisons, accepted, webhook } = report;
  const lines = comparisons.flatMap(linesOf);
  return [
    row(['milliseconds', 'bare p50', 'bare p99', 'API p50', 'API p99', 'ratio', '1.2 × + 5', '']),
    ...lines.map((line) => {
      const { words, bare, api, isAlike } = line;
      const verdict = isAlike ? [ms(allowedMs(bare.p50)), holds(line) ? 'ok' : 'above'] : ['-', ''];
      return row([
        words,
        ms(bare.p50),
        ms(bare.p99),
        ms(api.p50),
        ms(api.p99),
        (api.p50 / bare.p50).toFixed(2),
        ...verdict,
      ]);
    }),
    row(['POST answers 202', '', '', ms(accepted.p50), ms(accepted.p99)]),
    row(['webhook after a message', '', '', ms(webhook.p50), ms(webhook.p99)]),
    '',
    row(['messages per second', 'bare', 'API', 'ratio']),
    // One sender rests between his messages.
    ...comparisons
      .filter(({ senders }) => senders > 1)
      .map(({ senders, bare, api }) =>
        row([`${senders} senders`, ms(bare.perSecond), ms(api.perSecond), (api.perSecond / bare.perSecond).toFixed(2)]),
      ),
    '',
    `1 sender: WhatsApp has it, API p50 ≤ 1.2 × bare + 5 ms: ${meetsGoal(report) ? 'yes' : 'no'}`,
  ].join('\n');
}
