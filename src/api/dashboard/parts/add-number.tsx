import { useState } from 'preact/hooks';
import { sentenceOf } from '../model/sentence.js';
import { toneOf } from '../model/session-filter.js';
import { useLive, useSignedIn } from '../service/context.js';
import { Dialog } from './dialog.js';
import { LinkPanel } from './link-panel.js';
import { StatusMark } from './status-mark.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

/** A new session: its id and name, then its QR code until it is linked. */
export function AddNumber({ onClose }: { onClose(): void }) {
  const { api } = useSignedIn();
  const [id, setId] = useState('');
  const [label, setLabel] = useState('');
  const [created, setCreated] = useState<string | null>(null);
  const { isBusy, trouble, run } = useAction();

  const submit = async (event: Event) => {
    event.preventDefault();
    const name = label.trim();
    if (await run(() => api.create({ id: id.trim(), ...(name === '' ? {} : { label: name }) }))) setCreated(id.trim());
  };

  if (created !== null) return <LinkDialog id={created} onClose={onClose} />;
  return (
    <Dialog title="Add a number" onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <div class="field">
          <label class="field">
            <span>Id</span>
            <input
              name="id"
              required
              aria-describedby="id-hint"
              autocomplete="off"
              spellcheck={false}
              pattern="[A-Za-z0-9_\-]{1,64}"
              title="1 to 64 letters, digits, _ or -"
              value={id}
              onInput={(event) => setId(event.currentTarget.value)}
            />
          </label>
          <small id="id-hint" class="quiet">
            For programs, and it stays: letters, digits, _ or -
          </small>
        </div>
        <label class="field">
          <span>Label (optional)</span>
          <input
            name="label"
            autocomplete="off"
            maxLength={200}
            value={label}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
        </label>
        <Trouble words={trouble} />
        <div class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            {isBusy ? 'Adding…' : 'Add'}
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function LinkDialog({ id, onClose }: { id: string; onClose(): void }) {
  const session = useLive((state) => state.sessions?.get(id));
  return (
    <Dialog title={`Link ${session?.label ?? id}`} onClose={onClose}>
      {session === undefined ? (
        <p class="quiet">Loading…</p>
      ) : (
        <div class="stack">
          <p role="status">
            <StatusMark status={session.status} tone={toneOf(session)} /> {sentenceOf(session)}
          </p>
          <LinkPanel session={session} />
        </div>
      )}
      <div class="buttons">
        <button type="button" onClick={onClose}>
          {session?.isConnected ? 'Done' : 'Close'}
        </button>
      </div>
    </Dialog>
  );
}
