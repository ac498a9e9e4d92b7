import type { SessionRecord } from '../../src/domain/store-ports.js';
import { Connectivity } from '../../src/fleet/connectivity.js';
import type { MessageRequest } from '../../src/fleet/facade.js';
import { FleetStatistics } from '../../src/fleet/fleet-stats.js';
import { Incidents } from '../../src/fleet/incidents.js';
import { newRecord, Supervisor } from '../../src/fleet/supervisor.js';
import { WakefulFleet } from '../../src/fleet/wakeful-fleet.js';
import { SessionActor } from '../../src/session/actor.js';
import { quietMachine } from '../support/admission.js';
import type { FakeClient } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse, insertRecord } from '../support/fake-house.js';

/** What the machine has, as a test wants it. */
export interface FakeMachine {
  availableBytes: number | null;
  /** Memory of the browser of each session. */
  browserBytes: Map<string, number>;
}

const USUAL_BYTES = 110 * 2 ** 20;

/** A whole fleet over fake browsers. */
export function aFleet({ maxConcurrentStarts = 4, house = buildHouse() } = {}) {
  const machine: FakeMachine = { availableBytes: null, browserBytes: new Map() };
  const availableMemoryBytes = () => machine.availableBytes;
  const measureMemory = (pid: number) => {
    const owner = house.browsers.clients.find((made) => made.browser()?.pid === pid)?.spec.sessionId ?? '';
    return machine.browserBytes.get(owner) ?? USUAL_BYTES;
  };
  const { admission: _own, ...fakes } = house;
  const deps = { ...fakes, config: { ...house.config, fleet: { ...house.config.fleet, maxConcurrentStarts } } };
  const { incidentStore: store, config } = house;
  const incidents = new Incidents({ ...house, store, settings: config.incidents, supervisor: () => supervisor });
  const connectivity: Connectivity = new Connectivity({ ...house, incidents, actors: () => supervisor.actors });
  house.bus.subscribe(connectivity.observe);
  house.bus.subscribe(incidents.observe);
  const supervisor: Supervisor = new Supervisor(
    { ...deps, gate: connectivity, machineLoad: quietMachine, measureMemory, availableMemoryBytes },
    (record, sessionDeps) => new SessionActor(record, sessionDeps),
  );
  const statistics = new FleetStatistics(house.clock.now());
  house.bus.subscribe(statistics.observe);
  const fleet = new WakefulFleet({ ...deps, supervisor, statistics, incidents, measureMemory, availableMemoryBytes });
  const client = (id: string): FakeClient => {
    const own = house.browsers.clients.filter(({ spec }) => spec.sessionId === id).at(-1);
    if (!own) throw new Error(`${id} has no browser yet`);
    return own;
  };
  return {
    house,
    machine,
    supervisor,
    fleet,
    incidents,
    client,
    /** A session as an earlier run of the service left it in the store, with its profile. */
    known(id: string, change: Partial<SessionRecord['state']> = {}, profile = true): void {
      const record = newRecord(id, house.clock.now(), { linked: true });
      const state = { ...record.state, ...change } as SessionRecord['state'];
      insertRecord(house, id, { ...record, state });
      if (profile) house.profiles.folders.set(id, true);
    },
    launched: () => house.browsers.clients.map(({ spec }) => spec.sessionId),
    status: (id: string) => `${fleet.get(id).status} ${fleet.get(id).reason}`,
    /** Creates a session and connects it. */
    async connected(id: string): Promise<FakeClient> {
      await fleet.create({ id }, true);
      await settled();
      client(id).ready();
      await settled();
      return client(id);
    },
  };
}

/** A text that somebody wants to be sent. */
export function aRequest(change: Partial<MessageRequest> = {}): MessageRequest {
  const plain = { bytes: null, quotedMessageId: null, validForMs: null, idempotencyKey: null };
  return { to: '491511234567@c.us', content: { type: 'text', text: 'hello' }, ...plain, ...change };
}
