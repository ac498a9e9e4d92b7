import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Delivery } from '../contract.js';
import { localTime } from '../parts/clock.js';
import { Trouble } from '../parts/trouble.js';
import { useAction } from '../parts/use-action.js';
import { useMayAct, useSignedIn } from '../service/context.js';

/** What receivers did not take, and sending it again. */
export function WebhooksView() {
  const { api } = useSignedIn();
  const mayAct = useMayAct();
  const [letters, setLetters] = useState<Delivery[] | null>(null);
  const [said, setSaid] = useState('');
  const { isBusy, trouble, run } = useAction();
  const load = useCallback(() => run(async () => setLetters((await api.deadLetters()).reverse())), [api, run]);
  useEffect(() => void load(), [load]);

  const redeliver = (letter: Delivery) =>
    run(async () => {
      await api.redeliver(letter.id);
      setLetters((before) => before?.filter(({ id }) => id !== letter.id) ?? null);
      setSaid(`${letter.event} is being sent again.`);
    });

  return (
    <>
      <div class="title">
        <h1>Webhooks</h1>
        <button type="button" disabled={isBusy} onClick={load}>
          Look again
        </button>
      </div>
      <p class="quiet">Dead letters: events that a receiver did not take and that are not tried again by themselves.</p>
      <Trouble words={trouble} />
      <p role="status">{said}</p>
      {letters?.length === 0 && <p class="empty">There are none. Every event was taken, or is still being tried.</p>}
      <ul class="letters">
        {(letters ?? []).map((letter) => (
          <li key={letter.id} class="card letter">
            <div>
              <strong>{letter.event}</strong>
              {letter.sessionId !== null && <span> of {letter.sessionId}</span>}
              <p class="quiet">
                {letter.receiver ?? 'no receiver is set any more'} · {localTime(letter.createdAt)} · {letter.attempts}{' '}
                attempts
              </p>
              <p>{[letter.lastStatus, letter.lastError].filter((part) => part !== null).join(': ')}</p>
            </div>
            {mayAct && (
              <button
                type="button"
                disabled={isBusy}
                aria-label={`Send ${letter.event} again`}
                onClick={() => redeliver(letter)}
              >
                Send again
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
