import { useCallback, useEffect, useState } from 'preact/hooks';
import type { FleetStats, IncidentView } from '../contract.js';
import { byteWords, durationWords } from '../model/time-words.js';
import { FleetIncidents } from '../parts/fleet-incidents.js';
import { ShareBar } from '../parts/share-bar.js';
import { Trouble } from '../parts/trouble.js';
import { useReading } from '../parts/use-reading.js';
import { errorWords } from '../service/api.js';
import { useLive, useSeesAll, useSignedIn } from '../service/context.js';

const REFRESH_MS = 5_000;

type Figures = readonly (readonly [name: string, value: string])[];

function figuresOf(stats: FleetStats): readonly (readonly [title: string, figures: Figures])[] {
  const { timeToRecoverMs, failures, memory } = stats;
  const time = (ms: number | null) => (ms === null ? 'none yet' : durationWords(ms));
  return [
    [
      'Healing, since the service started',
      [
        ['Recoveries', `${timeToRecoverMs.count}`],
        ['Half took at most', time(timeToRecoverMs.p50)],
        ['95 % took at most', time(timeToRecoverMs.p95)],
        ['The service runs for', durationWords(stats.uptimeSeconds * 1000)],
      ],
    ],
    [
      'Memory',
      [
        ['All browsers', byteWords(memory.browsersBytes)],
        ['Left for more', memory.availableBytes === null ? 'not known' : byteWords(memory.availableBytes)],
      ],
    ],
    [
      'Logins at risk',
      [
        ['Two failures or more', `${failures.atThreshold}`],
        ['Failed in 24 h', `${failures.last24Hours}`],
        ['Failures, mean', failures.mean.toFixed(2)],
      ],
    ],
  ];
}

/** How many of all are connected now. */
function Connected() {
  const sessions = useLive((state) => state.sessions);
  if (sessions === null) return <p class="quiet">Loading…</p>;
  const connected = [...sessions.values()].filter(({ isConnected }) => isConnected).length;
  const wanted = [...sessions.values()].filter(({ desired }) => desired === 'running').length;
  return (
    <section class="card" aria-labelledby="connected-title">
      <h2 id="connected-title">Now</h2>
      <p>
        <strong class="big number">
          {connected} of {wanted}
        </strong>{' '}
        {wanted === 1 ? 'number that should run is connected' : 'numbers that should run are connected'}
        {sessions.size > wanted && <span class="quiet">; not wanted: {sessions.size - wanted}</span>}.
      </p>
      <ShareBar sessions={sessions} />
    </section>
  );
}

/** The fleet as a whole: figures and incidents. */
export function FleetView() {
  const { api } = useSignedIn();
  const [incidents, setIncidents] = useState<IncidentView[] | null>(null);
  const [incidentTrouble, setIncidentTrouble] = useState<string | null>(null);
  const open = useLive((state) => state.incidents);
  const seesAll = useSeesAll();
  const read = useCallback(() => api.stats(), [api]);
  const { value: stats, trouble } = useReading(seesAll ? read : null, REFRESH_MS);

  // What opens or closes is told; what is over is read then.
  useEffect(() => {
    api.incidents(false).then(
      (read) => {
        setIncidents(read);
        setIncidentTrouble(null);
      },
      (error: unknown) => setIncidentTrouble(errorWords(error)),
    );
  }, [api, open]);

  return (
    <>
      <h1>Fleet</h1>
      <Trouble words={trouble ?? incidentTrouble} />
      <Connected />
      {stats !== null && (
        <div class="figures">
          {figuresOf(stats).map(([title, figures]) => (
            <section key={title} class="card" aria-label={title}>
              <h2>{title}</h2>
              <dl class="facts">
                {figures.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd class="number">{value}</dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
        </div>
      )}
      <FleetIncidents incidents={incidents ?? []} isRead={incidents !== null} />
    </>
  );
}
