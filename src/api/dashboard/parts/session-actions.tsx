import { useState } from 'preact/hooks';
import type { SessionView } from '../contract.js';
import { useSignedIn } from '../service/context.js';
import { Confirm } from './confirm.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

type Question = 'disconnect' | 'logout' | 'discard' | 'remove';

/** What can be done with a number as it is now. */
export function SessionActions({ session }: { session: SessionView }) {
  const { id, isConnected, desired, status, userAction } = session;
  const { api } = useSignedIn();
  const [question, setQuestion] = useState<Question | null>(null);
  const { isBusy, trouble, run } = useAction();
  const close = () => setQuestion(null);
  const isAtRest = desired === 'stopped' || status === 'disconnected' || status === 'error';
  const isForceBest = userAction === 'force_reconnect' || userAction === 'open_phone';
  // What is to be scanned has its own button, beside the place where the code will stand.
  const isConnectBest = !isForceBest && userAction !== 'scan_qr';

  return (
    <>
      <div class="buttons">
        {isAtRest && (
          <button
            type="button"
            class={isConnectBest ? 'primary' : ''}
            disabled={isBusy}
            onClick={() => run(() => api.act(id, 'connect'))}
          >
            Connect
          </button>
        )}
        <button
          type="button"
          class={isForceBest ? 'primary' : ''}
          disabled={isBusy}
          onClick={() => run(() => api.act(id, 'force-reconnect'))}
        >
          Force reconnect
        </button>
        {desired === 'running' && (
          <button type="button" onClick={() => setQuestion('disconnect')}>
            Disconnect…
          </button>
        )}
        <span class="buttons for-good">
          {isConnected && (
            <button type="button" class="danger-quiet" onClick={() => setQuestion('logout')}>
              Log out…
            </button>
          )}
          <button type="button" class="danger-quiet" onClick={() => setQuestion('discard')}>
            Discard login…
          </button>
          <button type="button" class="danger-quiet" onClick={() => setQuestion('remove')}>
            Remove…
          </button>
        </span>
      </div>
      <Trouble words={trouble} />
      {question === 'disconnect' && (
        <Confirm
          title={`Disconnect ${id}`}
          words="It stops, and sends and receives nothing until somebody connects it. Its login is kept: no QR code is needed then."
          verb="Disconnect"
          act={() => api.act(id, 'disconnect')}
          onClose={close}
        />
      )}
      {question === 'logout' && (
        <Confirm
          title={`Log out ${id}`}
          words="The device is unlinked at WhatsApp. To use the number again, somebody must scan a QR code with its phone."
          verb="Log out"
          act={() => api.act(id, 'logout')}
          onClose={close}
        />
      )}
      {question === 'discard' && (
        <Confirm
          title={`Discard the login of ${id}`}
          words="It is disconnected by force, its counters are set back and its login goes to quarantine. Somebody must scan a QR code afterwards. The device stays in the phone's list; log out first if it should not."
          verb="Disconnect and discard"
          typed={id}
          act={() => api.act(id, 'disconnect', { force: true })}
          onClose={close}
        />
      )}
      {question === 'remove' && (
        <Confirm
          title={`Remove ${id}`}
          words="The number is forgotten here, with its login, its timeline and its messages. The device stays in the phone's list; log out first if it should not."
          verb="Remove"
          typed={id}
          act={() => api.remove(id)}
          onClose={close}
        />
      )}
    </>
  );
}
