import { useCallback, useMemo } from 'preact/hooks';
import { byteWords } from '../model/time-words.js';
import { useSignedIn } from '../service/context.js';
import { TimeChart } from './time-chart.js';
import { useReading } from './use-reading.js';

const REFRESH_MS = 60_000;
const MB = 1024 ** 2;
const LEAST_MB = 100;
const inMegabytes = (value: number) => byteWords(value * MB);

/** What the browser of a number took since the service started, a day at most. */
export function MemoryChart({ sessionId }: { sessionId: string }) {
  const { api } = useSignedIn();
  const read = useCallback(() => api.memory(sessionId), [api, sessionId]);
  const { value: memory, trouble } = useReading(read, REFRESH_MS);

  const points = useMemo(
    () => (memory ?? []).map(({ at, bytes }) => ({ atMs: Date.parse(at), value: bytes && bytes / MB })),
    [memory],
  );
  const sizes = (memory ?? []).flatMap(({ bytes }) => bytes ?? []);
  return (
    <section class="card" aria-labelledby="memory-title">
      <h2 id="memory-title">Memory of its browser</h2>
      {trouble !== null && <p class="trouble">{trouble}</p>}
      {memory !== null && sizes.length < 2 ? (
        <p class="quiet">Looked at once a minute while a browser runs: not enough is known yet.</p>
      ) : (
        <>
          <p>
            {sizes.length > 0 && (
              <>
                <strong>{byteWords(sizes.at(-1) ?? 0)}</strong> at last, {byteWords(Math.max(...sizes))} at most.
              </>
            )}
          </p>
          <TimeChart points={points} as="area" words={inMegabytes} least={LEAST_MB} />
          <p class="quiet">All its processes together, since the service started, a day at most.</p>
        </>
      )}
    </section>
  );
}
