import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorWords } from '../service/api.js';
import { useLive, useSignedIn } from '../service/context.js';
import { withQr } from '../service/live-state.js';

/** The QR code on show, fetched anew whenever there is another one. */
export function QrPicture({ sessionId }: { sessionId: string }) {
  const { api, live } = useSignedIn();
  const qr = useLive((state) => state.qrs.get(sessionId)?.qr);
  const [picture, setPicture] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    let isOver = false;
    let address: string | null = null;
    const load = async () => {
      // One that was on show before we came was not told of: what it says and how long it stays is asked.
      if (qr === undefined) {
        const shown = await api.qr(sessionId);
        if (!isOver) live.store.change((state) => withQr(state, sessionId, shown));
        return;
      }
      address = await api.picture(`/api/sessions/${sessionId}/qr`, 'image/svg+xml');
      if (isOver) return URL.revokeObjectURL(address);
      setTrouble(null);
      setPicture(address);
    };
    load().catch((error: unknown) => {
      // Between two codes there is none; the next one is told of.
      if (!isOver && !(error instanceof ApiError && error.code === 'no_qr')) setTrouble(errorWords(error));
    });
    return () => {
      isOver = true;
      if (address !== null) URL.revokeObjectURL(address);
    };
  }, [api, live, sessionId, qr]);

  if (trouble !== null) return <p class="trouble">{trouble}</p>;
  return (
    <div class="qr">
      {picture === null ? (
        <span class="quiet">The code is being made…</span>
      ) : (
        <img src={picture} alt="QR code to scan with WhatsApp on the phone" />
      )}
    </div>
  );
}
