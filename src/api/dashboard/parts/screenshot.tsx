import { useEffect, useState } from 'preact/hooks';
import { useSignedIn } from '../service/context.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

/** A picture of what its browser shows, taken when somebody asks. */
export function Screenshot({ sessionId }: { sessionId: string }) {
  const { api } = useSignedIn();
  const [picture, setPicture] = useState<string | null>(null);
  const { isBusy, trouble, run } = useAction();
  useEffect(() => () => void (picture !== null && URL.revokeObjectURL(picture)), [picture]);
  const take = () =>
    run(async () => setPicture(await api.picture(`/api/sessions/${sessionId}/screenshot`, 'image/png')));
  return (
    <section class="card" aria-labelledby="screenshot-title">
      <div class="card-head">
        <h2 id="screenshot-title">What its browser shows</h2>
        <button type="button" disabled={isBusy} onClick={take}>
          {isBusy ? 'Taking…' : picture === null ? 'Take a picture' : 'Take another'}
        </button>
      </div>
      <Trouble words={trouble} />
      {picture !== null && (
        <img class="screenshot" src={picture} alt={`WhatsApp Web of ${sessionId} as its browser shows it`} />
      )}
    </section>
  );
}
