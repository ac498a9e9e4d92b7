import { useState } from 'preact/hooks';
import { useSignedIn } from '../service/context.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

/** Asks for the phone number and shows the code to type into that phone. */
export function PairingForm({ sessionId }: { sessionId: string }) {
  const { api } = useSignedIn();
  const [phoneNumber, setPhoneNumber] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const { isBusy, trouble, run } = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => setCode(await api.pairingCode(sessionId, phoneNumber)));
  };
  return (
    <form class="stack" onSubmit={submit}>
      <label class="field">
        <span>Phone number with its country code</span>
        <input
          type="tel"
          name="phoneNumber"
          required
          autocomplete="off"
          placeholder="+49 151 12345678"
          value={phoneNumber}
          onInput={(event) => setPhoneNumber(event.currentTarget.value)}
        />
      </label>
      <Trouble words={trouble} />
      <button type="submit" class="primary" disabled={isBusy}>
        {isBusy ? 'Asking WhatsApp…' : 'Get a code'}
      </button>
      <p role="status">
        {code !== null && (
          <>
            On the phone: Linked devices → Link a device → Link with phone number instead. Type{' '}
            <strong class="code">{code}</strong>
          </>
        )}
      </p>
    </form>
  );
}
