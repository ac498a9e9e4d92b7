import { useState } from 'preact/hooks';
import { Logo } from '../parts/logo.js';
import { Trouble } from '../parts/trouble.js';

interface Props {
  trouble: string | null;
  onSignIn(key: string, forGood: boolean): Promise<void>;
}

/** Asks for an API key. */
export function SignIn({ trouble, onSignIn }: Props) {
  const [key, setKey] = useState('');
  const [forGood, setForGood] = useState(false);
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (key.trim() === '' || isBusy) return;
    setIsBusy(true);
    await onSignIn(key.trim(), forGood);
    setIsBusy(false);
  };

  return (
    <main class="sign-in card">
      <h1>
        <Logo />
        Wakeful
      </h1>
      <p class="quiet">Sign in with an API key. The first one was shown when the service started for the first time.</p>
      <form onSubmit={submit} class="stack">
        <label class="field">
          <span>API key</span>
          <input
            type="password"
            name="key"
            autocomplete="current-password"
            spellcheck={false}
            required
            value={key}
            aria-invalid={trouble !== null}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={forGood} onChange={(event) => setForGood(event.currentTarget.checked)} />
          <span>Stay signed in on this device</span>
        </label>
        <Trouble words={trouble} />
        <button type="submit" class="primary" disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}
