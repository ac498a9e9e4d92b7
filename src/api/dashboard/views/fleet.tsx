import { useEffect, useState } from 'preact/hooks';
import type { FleetStats, IncidentView } from '../contract.js';
import { byteWords, durationWords } from '../model/time-words.js';
import { FleetIncidents } from '../parts/fleet-incidents.js';
import { Trouble } from '../parts/trouble.js';
import { errorWords } from '../service/api.js';
import { useLive, useSeesAll, useSignedIn } from '../service/context.js';

const REFRESH_MS = 5_000;

function figuresOf(stats: FleetStats): [string, string][] {
  const { timeToRecoverMs, failures, memory, byStatus } = stats;
  const time = (ms: number | null) => (ms === null ? 'none yet' : durationWords(ms));
  return [
    ['Numbers', `${stats.sessions}`],
    ['Connected', `${byStatus.connected}`],
    ['Service is up for', durationWords(stats.uptimeSeconds * 1000)],
    ['Recoveries', `${timeToRecoverMs.count}`],
    ['Half are healed within', time(timeToRecoverMs.p50)],
    ['95 % are healed within', time(timeToRecoverMs.p95)],
    ['Memory of all browsers', byteWords(memory.browsersBytes)],
    ['Memory left', memory.availableBytes === null ? 'not known' : byteWords(memory.availableBytes)],
    ['Connection failures, mean', failures.mean.toFixed(2)],
    ['With two failures or more', `${failures.atThreshold}`],
    ['Failed in the last 24 h', `${failures.last24Hours}`],
  ];
}

/** The fleet as a whole: figures and incidents. */
export function FleetView() {
  const { api } = useSignedIn();
  const [stats, setStats] = useState<FleetStats | null>(null);
  const [incidents, setIncidents] = useState<IncidentView[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const open = useLive((state) => state.incidents);

  const seesAll = useSeesAll();

  useEffect(() => {
    if (!seesAll) return;
    let isOver = false;
    const look = () =>
      api.stats().then(
        (read) => {
          if (isOver) return;
          setStats(read);
          setTrouble(null);
        },
        (error: unknown) => void (isOver || setTrouble(errorWords(error))),
      );
    void look();
    const timer = setInterval(look, REFRESH_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [api, seesAll]);

  // What opens or closes is told; what is over is read then.
  useEffect(() => {
    api.incidents(false).then(setIncidents, (error: unknown) => setTrouble(errorWords(error)));
  }, [api, open]);

  return (
    <>
      <h1>Fleet</h1>
      <Trouble words={trouble} />
      {seesAll && (
        <section class="card" aria-labelledby="stats-title">
          <h2 id="stats-title">Figures since the start of the service</h2>
          <dl class="facts">
            {(stats === null ? [] : figuresOf(stats)).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="number">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <FleetIncidents incidents={incidents ?? []} isRead={incidents !== null} />
    </>
  );
}
