import type { OutboxStatus } from '../../../domain/message.js';
import type { SessionView } from '../contract.js';
import type { Tone } from '../model/status-look.js';
import { useMayAct } from '../service/context.js';
import { localTime } from './clock.js';
import { SendForm } from './send-form.js';
import { ToneIcon } from './status-mark.js';
import { Trouble } from './trouble.js';
import { useAction } from './use-action.js';
import { useOutbox } from './use-outbox.js';

const TONES: Readonly<Record<OutboxStatus, Tone>> = {
  queued: 'busy',
  sending: 'busy',
  sent: 'good',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
  uncertain: 'asks',
};

/** What was sent last through the API and what became of it, and a way to try it. */
export function Outbox({ session }: { session: SessionView }) {
  const { messages, trouble, send, cancel } = useOutbox(session.id);
  const mayAct = useMayAct();
  const cancelling = useAction();
  return (
    <section class="card" aria-labelledby="outbox-title">
      <h2 id="outbox-title">Messages sent</h2>
      {mayAct && <SendForm onSend={send} isConnected={session.isConnected} />}
      {trouble !== null && <p class="trouble">{trouble}</p>}
      <Trouble words={cancelling.trouble} />
      {messages?.length === 0 && <p class="quiet">None yet.</p>}
      <ol class="rows outbox">
        {(messages ?? []).toReversed().map((message) => (
          <li key={message.id}>
            <span class={`mark ${TONES[message.status]}`}>
              <ToneIcon tone={TONES[message.status]} />
              {message.status}
            </span>
            <span class="row-words">
              <span class="quiet">
                to <span class="number">{message.to.replace(/@c\.us$/, '')}</span>,{' '}
                <time dateTime={message.createdAt}>{localTime(message.createdAt)}</time>
                {message.code !== null && <> · {message.code}</>}
              </span>
              <span class="body">{message.body}</span>
            </span>
            {mayAct && message.status === 'queued' && (
              <button
                type="button"
                class="small"
                disabled={cancelling.isBusy}
                aria-label={`Cancel the message to ${message.to.replace(/@c\.us$/, '')}`}
                onClick={() => cancelling.run(() => cancel(message.id))}
              >
                Cancel
              </button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
