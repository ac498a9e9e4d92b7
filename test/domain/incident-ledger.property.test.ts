import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Incident } from '../../src/domain/incident.js';
import { anObserver, incidentPolicy } from './incident-observer.js';

const session = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const sessions = fc.uniqueArray(session, { minLength: 1, maxLength: 5 });
const kind = fc.constantFrom('network_down', 'web_version');
const key = fc.constantFrom('one', 'two');
const happening = fc.oneof(
  fc.record({ do: fc.constant('loses'), reason: fc.constantFrom('socket_lost', 'page_reloaded'), session }),
  fc.record({ do: fc.constant('rests'), standing: fc.constantFrom('back', 'at_rest', 'needs_person', 'out'), session }),
  fc.record({ do: fc.constantFrom('reports', 'joins'), kind, key, sessions }),
  fc.record({ do: fc.constant('ends'), kind, key }),
  fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 30_000, incidentPolicy.windowMs) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
type Fleet = ReturnType<typeof anObserver>;

function apply(fleet: Fleet, it: Happening): void {
  if ('reason' in it) fleet.loses(it.reason, it.session);
  else if ('standing' in it) fleet.rests(it.standing, it.session);
  else if ('sessions' in it) fleet[it.do](it.kind, it.key, ...it.sessions);
  else if ('ms' in it) fleet.pass(it.ms);
  else fleet.ends(it.kind, it.key);
}

/** The incidents as somebody knows them who only heard the news so far. */
function heard(fleet: Fleet): Map<string, Incident> {
  const known = new Map<string, Incident>();
  for (const { incident, change, newcomers } of fleet.told) {
    const before = known.get(incident.id);
    const wasOpen = before !== undefined && before.closedAt === null;
    expect(wasOpen).toBe(change !== 'opened');
    expect(incident.closedAt === null).toBe(change !== 'closed');
    expect(incident.sessionIds).toEqual([...(before?.sessionIds ?? []), ...newcomers]);
    expect(new Set(incident.sessionIds).size).toBe(incident.sessionIds.length);
    if (!before && incident.kind === 'outage') {
      expect(newcomers.length).toBeGreaterThanOrEqual(incidentPolicy.minSessions);
    }
    known.set(incident.id, incident);
  }
  return known;
}

test('whatever befalls a fleet, its incidents are told in a way that can be followed', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60, size: 'max' }), (happenings) => {
      const fleet = anObserver();
      for (const it of happenings) apply(fleet, it);
      fleet.pass(0);
      const open = [...heard(fleet).values()].filter(({ closedAt }) => closedAt === null);
      expect(new Set(open.map((incident) => `${incident.kind} ${incident.key}`)).size).toBe(open.length);
      for (const { kind, sessionIds } of open) {
        if (kind === 'outage') expect(sessionIds.map(fleet.standingOf)).not.toEqual(sessionIds.map(() => 'back'));
      }
    }),
    { numRuns: 1000 },
  );
});
