import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Receiver } from '../contract.js';
import { addressOf } from '../model/place.js';
import { useMayAct, useSignedIn } from '../service/context.js';
import { Age } from './clock.js';
import { ToneIcon } from './status-mark.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

function State({ pausedSince }: Receiver) {
  const tone = pausedSince === null ? 'good' : 'paused';
  return (
    <span class={`mark ${tone}`}>
      <ToneIcon tone={tone} />
      {pausedSince === null ? 'Told' : 'Paused'}
    </span>
  );
}

/** Who is told of what, and a way to hold that up for a while. */
export function Receivers() {
  const { api } = useSignedIn();
  const mayAct = useMayAct();
  const [receivers, setReceivers] = useState<Receiver[] | null>(null);
  const { isBusy, trouble, run } = useAction();
  const load = useCallback(() => run(async () => setReceivers(await api.receivers())), [api, run]);
  useEffect(() => void load(), [load]);

  const turn = ({ endpoint, pausedSince }: Receiver) =>
    run(async () => {
      const turned = await api.holdUp(endpoint, pausedSince === null ? 'pause' : 'resume');
      setReceivers((before) => before?.map((one) => (one.endpoint === endpoint ? turned : one)) ?? null);
    });

  return (
    <section class="card" aria-labelledby="receivers-title">
      <h2 id="receivers-title">Receivers</h2>
      <Trouble words={trouble} />
      {receivers?.length === 0 && <p class="quiet">No webhook is set, neither for all numbers nor for one.</p>}
      <ul class="rows receivers">
        {(receivers ?? []).map((receiver) => (
          <li key={receiver.endpoint}>
            <State {...receiver} />
            <span class="row-words">
              <span>
                {receiver.receiver}{' '}
                {receiver.sessionId === null ? (
                  'for all numbers'
                ) : (
                  <>
                    for <a href={addressOf(receiver.sessionId)}>{receiver.sessionId}</a>
                  </>
                )}
              </span>
              <span class="quiet">
                {receiver.pausedSince !== null && (
                  <>
                    What happens waits for it, for <Age since={receiver.pausedSince} />.{' '}
                  </>
                )}
                {receiver.events === null ? 'Every event' : receiver.events.join(', ')}
              </span>
            </span>
            {mayAct && (
              <button
                type="button"
                class="small"
                disabled={isBusy}
                aria-label={`${receiver.pausedSince === null ? 'Pause' : 'Resume'} ${receiver.endpoint}`}
                onClick={() => turn(receiver)}
              >
                {receiver.pausedSince === null ? 'Pause' : 'Resume'}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
