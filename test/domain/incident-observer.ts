import type { Incident, KnownKind, Standing } from '../../src/domain/incident.js';
import {
  afterCause,
  afterJoin,
  afterLook,
  afterLoss,
  afterReport,
  type IncidentContext,
  type IncidentNews,
  type LedgerStep,
  takenUp,
} from '../../src/domain/incident-ledger.js';
import type { Reason } from '../../src/domain/reason.js';

export const incidentPolicy = { windowMs: 60_000, minSessions: 2 };

/** A fleet whose sessions are all connected, and what is told of its incidents; every change is followed by a look. */
export function anObserver(left: Incident[] = []) {
  let ledger = takenUp(left);
  let now = 1_000_000;
  let ids = 0;
  const standings = new Map<string, Standing>();
  const told: IncidentNews[] = [];
  const context = (): IncidentContext => ({
    now,
    newId: `inc_${ids + 1}`,
    standingOf: (id) => standings.get(id) ?? 'back',
    policy: incidentPolicy,
  });
  const take = (step: LedgerStep) => {
    ledger = step.ledger;
    told.push(...step.news);
    ids += step.news.filter(({ incident }) => incident.id === `inc_${ids + 1}`).length;
  };
  const stand = (standing: Standing, ...sessionIds: string[]) => {
    for (const id of sessionIds) standings.set(id, standing);
    take(afterLook(ledger, context()));
  };
  return {
    told: told as readonly IncidentNews[],
    standingOf: (id: string) => context().standingOf(id),
    /** `change kind id: sessions`, in order. */
    get story() {
      return told.map(({ change, incident: { kind, id, sessionIds } }) =>
        [change, kind, `${id}:`, ...sessionIds].join(' '),
      );
    },
    /** The incident that was last told of, as it was then. */
    get last(): Incident {
      const news = told.at(-1);
      if (!news) throw new Error('Nothing was told.');
      return news.incident;
    },
    pass(ms: number) {
      now += ms;
      take(afterLook(ledger, context()));
    },
    loses(reason: Reason, ...sessionIds: string[]) {
      for (const sessionId of sessionIds) {
        standings.set(sessionId, 'out');
        take(afterLoss(ledger, { sessionId, reason }, context()));
        take(afterLook(ledger, context()));
      }
    },
    rests: stand,
    back: (...sessionIds: string[]) => stand('back', ...sessionIds),
    reports(kind: KnownKind, key: string, ...sessionIds: string[]) {
      for (const id of sessionIds) standings.set(id, 'out');
      const reason = kind === 'network_down' ? 'network_down' : 'ready_timeout';
      take(afterReport(ledger, kind, { key, reason, message: `${kind} ${key}.`, sessionIds }, context()));
    },
    joins: (kind: KnownKind, key: string, ...ids: string[]) => take(afterJoin(ledger, kind, key, ids, context())),
    ends: (kind: KnownKind, key: string) => take(afterCause(ledger, kind, key, 'It is gone.', context())),
  };
}
