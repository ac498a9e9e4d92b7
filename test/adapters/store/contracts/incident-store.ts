import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../../../src/domain/incident.js';
import type { IncidentStore } from '../../../../src/domain/store-ports.js';

const anIncident = (id: string, change: Partial<Incident> = {}): Incident => ({
  id,
  kind: 'outage',
  key: 'browser_crashed',
  reason: 'browser_crashed',
  openedAt: 1_000,
  closedAt: null,
  sessionIds: ['sales', 'support'],
  message: 'Several sessions were lost.',
  ...change,
});

/** What every IncidentStore promises; `make` gives an empty one. */
export function incidentStoreContract(make: () => IncidentStore): void {
  describe('as an incident store', () => {
    const ids = (rows: ReturnType<IncidentStore['list']>) => rows.map(({ incident }) => incident.id);
    const all = { after: 0, limit: 99 };

    test('gives back what was saved', () => {
      const store = make();
      const incident = anIncident('a', { closedAt: 5_000, message: 'It is over; "all" are back.' });
      store.save(incident);
      expect(store.list(all)).toEqual([{ seq: 1, incident }]);
    });

    test('changes a known incident in its place', () => {
      const store = make();
      for (const id of ['a', 'b']) store.save(anIncident(id));
      store.save(anIncident('a', { kind: 'network_down', sessionIds: ['sales', 'support', 'shop'] }));
      expect(ids(store.list(all))).toEqual(['b', 'a']);
      expect(store.list(all)[1]?.incident).toMatchObject({ kind: 'network_down', sessionIds: { length: 3 } });
    });

    test('lists newest first behind a position, up to a limit', () => {
      const store = make();
      for (const id of ['a', 'b', 'c', 'd']) store.save(anIncident(id));
      const [first, second] = [store.list({ after: 0, limit: 2 }), store.list({ after: 3, limit: 9 })];
      expect([ids(first), ids(second)]).toEqual([
        ['d', 'c'],
        ['b', 'a'],
      ]);
      expect(first.at(-1)?.seq).toBe(3);
    });

    test('picks those that are open, or that are closed', () => {
      const store = make();
      store.save(anIncident('open'));
      store.save(anIncident('closed', { closedAt: 2_000 }));
      expect(ids(store.list({ ...all, open: true }))).toEqual(['open']);
      expect(ids(store.list({ ...all, open: false }))).toEqual(['closed']);
    });

    test('prunes what was closed before a time, and nothing that is open', () => {
      const store = make();
      store.save(anIncident('open', { openedAt: 1 }));
      store.save(anIncident('old', { closedAt: 1_999 }));
      store.save(anIncident('recent', { closedAt: 2_000 }));
      expect(store.prune(2_000)).toBe(1);
      expect(ids(store.list(all))).toEqual(['recent', 'open']);
    });
  });
}
