import { useState } from 'preact/hooks';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

interface Props {
  isConnected: boolean;
  onSend(message: { to: string; text: string }): Promise<void>;
}

/** Sends a message, to see that it works. */
export function SendForm({ isConnected, onSend }: Props) {
  const [to, setTo] = useState('');
  const [text, setText] = useState('');
  const { isBusy, trouble, run } = useAction();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await run(() => onSend({ to, text }))) setText('');
  };
  return (
    <form class="send" onSubmit={submit}>
      <label class="field">
        <span>To (with country code)</span>
        <input
          type="tel"
          name="to"
          required
          autocomplete="off"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Text</span>
        <input
          name="text"
          required
          autocomplete="off"
          maxLength={4_096}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={isBusy}>
        {isBusy ? 'Sending…' : 'Send a message'}
      </button>
      {!isConnected && <small class="quiet">It is not connected: the message waits and goes out when it is.</small>}
      <Trouble words={trouble} />
    </form>
  );
}
