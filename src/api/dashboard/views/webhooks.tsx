import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Delivery } from '../contract.js';
import { addressOf } from '../model/place.js';
import { localTime } from '../parts/clock.js';
import { Receivers } from '../parts/receivers.js';
import { Trouble } from '../parts/trouble.js';
import { useAction } from '../parts/use-action.js';
import { useMayAct, useSignedIn } from '../service/context.js';

/** Between two of many that are sent again: a key may ask 100 times a second, and the rest of the page asks, too. */
const PACE_MS = 20;

/** Who is told, what was not taken, and sending that again. */
export function WebhooksView() {
  const { api } = useSignedIn();
  const mayAct = useMayAct();
  const [letters, setLetters] = useState<Delivery[] | null>(null);
  const [said, setSaid] = useState('');
  const { isBusy, trouble, run } = useAction();
  const load = useCallback(() => run(async () => setLetters((await api.deadLetters()).reverse())), [api, run]);
  useEffect(() => void load(), [load]);

  const redeliver = (...chosen: Delivery[]) =>
    run(async () => {
      // One after the other, oldest first: the receiver gets them in the order in which they happened.
      for (const letter of chosen.toReversed()) {
        await api.redeliver(letter.id);
        setLetters((before) => before?.filter(({ id }) => id !== letter.id) ?? null);
        await new Promise((resolve) => setTimeout(resolve, PACE_MS));
      }
      setSaid(
        chosen.length === 1 ? `${chosen[0]?.event} is being sent again.` : `${chosen.length} are being sent again.`,
      );
    });

  return (
    <>
      <h1>Webhooks</h1>
      <Receivers />
      <div class="title">
        <h2>Dead letters</h2>
        <div class="buttons">
          {mayAct && letters !== null && letters.length > 1 && (
            <button type="button" disabled={isBusy} onClick={() => redeliver(...letters)}>
              Send all {letters.length} again
            </button>
          )}
          <button type="button" disabled={isBusy} onClick={load}>
            Look again
          </button>
        </div>
      </div>
      <p class="quiet">Events that a receiver did not take and that are not tried again by themselves.</p>
      <Trouble words={trouble} />
      <p role="status">{said}</p>
      {letters?.length === 0 && <p class="empty">There are none. Every event was taken, or is still being tried.</p>}
      <ul class="letters">
        {(letters ?? []).map((letter) => (
          <li key={letter.id} class="card letter">
            <div>
              <p>
                <strong>{letter.event}</strong>
                {letter.sessionId !== null && (
                  <>
                    {' '}
                    of <a href={addressOf(letter.sessionId)}>{letter.sessionId}</a>
                  </>
                )}
              </p>
              <p class="quiet">
                {letter.receiver ?? 'no receiver is set any more'} · {localTime(letter.createdAt)} · {letter.attempts}{' '}
                attempts
              </p>
              <p class="letter-error">
                {[letter.lastStatus, letter.lastError].filter((part) => part !== null).join(': ')}
              </p>
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
