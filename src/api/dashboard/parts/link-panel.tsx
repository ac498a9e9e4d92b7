import { useState } from 'preact/hooks';
import type { SessionView } from '../contract.js';
import { useLive, useSignedIn } from '../service/context.js';
import { Countdown } from './clock.js';
import { PairingForm } from './pairing-form.js';
import { QrPicture } from './qr-picture.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';

/** Linking a number to its phone: by QR code, or by a code that is typed into the phone. */
export function LinkPanel({ session }: { session: SessionView }) {
  const { id, status, userAction } = session;
  const { api } = useSignedIn();
  const expiresAt = useLive((state) => state.qrs.get(id)?.expiresAt);
  const [byNumber, setByNumber] = useState(false);
  const { isBusy, trouble, run } = useAction();
  const isAtRest = status === 'disconnected' || status === 'error' || status === 'idle';

  return (
    <div class="link stack">
      {status === 'qr_pending' && !byNumber && (
        <div class="scan">
          <QrPicture sessionId={id} />
          <div class="stack">
            <ol class="steps">
              <li>Open WhatsApp on the phone.</li>
              <li>
                Tap <strong>Settings</strong> → <strong>Linked devices</strong> → <strong>Link a device</strong>.
              </li>
              <li>Point the phone at this code.</li>
            </ol>
            <p class="quiet">
              The code renews itself about every 20 s.{' '}
              {expiresAt !== undefined && (
                <>
                  It is shown for another <Countdown to={expiresAt} />.
                </>
              )}
            </p>
          </div>
        </div>
      )}
      {status === 'qr_pending' && byNumber && <PairingForm sessionId={id} />}
      {status === 'qr_pending' && (
        <button type="button" class="plain" onClick={() => setByNumber(!byNumber)}>
          {byNumber ? 'Scan the QR code instead' : 'Link with the phone number instead'}
        </button>
      )}
      {isAtRest && (
        <button type="button" class="primary" disabled={isBusy} onClick={() => run(() => api.act(id, 'connect'))}>
          {userAction === 'scan_qr' ? 'Show a new QR code' : 'Connect'}
        </button>
      )}
      <Trouble words={trouble} />
    </div>
  );
}
