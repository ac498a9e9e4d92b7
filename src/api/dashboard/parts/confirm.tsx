import { useState } from 'preact/hooks';
import { Dialog } from './dialog.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

interface Props {
  title: string;
  /** What will happen, and what will not come back. */
  words: string;
  /** What the button says. */
  verb: string;
  /** To be typed first, for what cannot be undone. */
  typed?: string;
  act(): Promise<unknown>;
  onClose(): void;
}

/** Asks before something is done that is missed afterwards. */
export function Confirm({ title, words, verb, typed, act, onClose }: Props) {
  const [text, setText] = useState('');
  const { isBusy, trouble, run } = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (typed !== undefined && text !== typed) return;
    if (await run(act)) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={submit}>
        <p>{words}</p>
        {typed !== undefined && (
          <label class="field">
            <span>
              Type <code>{typed}</code> to go on
            </span>
            <input
              name="typed"
              autocomplete="off"
              spellcheck={false}
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          </label>
        )}
        <Trouble words={trouble} />
        <div class="buttons">
          <button type="submit" class="danger" disabled={isBusy || (typed !== undefined && text !== typed)}>
            {verb}
          </button>
          <button type="button" onClick={onClose}>
            Leave it as it is
          </button>
        </div>
      </form>
    </Dialog>
  );
}
