import { nextMomentOf, sentenceOf } from '../model/sentence.js';
import { toneOf } from '../model/session-filter.js';
import { ACTION_WORDS } from '../model/status-look.js';
import { Age, Upcoming } from '../parts/clock.js';
import { History } from '../parts/history.js';
import { LinkPanel } from '../parts/link-panel.js';
import { Outbox } from '../parts/outbox.js';
import { Screenshot } from '../parts/screenshot.js';
import { SessionActions } from '../parts/session-actions.js';
import { SessionFacts } from '../parts/session-facts.js';
import { StatusMark } from '../parts/status-mark.js';
import { useLive, useMayAct } from '../service/context.js';

/** Everything of one number. */
export function SessionPage({ id }: { id: string }) {
  const sessions = useLive((state) => state.sessions);
  const mayAct = useMayAct();
  const session = sessions?.get(id);
  if (sessions === null) return <p class="quiet">Loading…</p>;
  if (session === undefined) {
    return (
      <>
        <h1>{id}</h1>
        <p class="empty">
          There is no number with this id. <a href="#/sessions">All numbers</a>
        </p>
      </>
    );
  }
  const next = nextMomentOf(session);
  const action = ACTION_WORDS[session.userAction];
  const isToBeLinked = session.status === 'qr_pending' || (session.userAction === 'scan_qr' && !session.isConnected);
  return (
    <>
      <div class="title">
        <a class="back" href="#/sessions">
          <span aria-hidden="true">←</span> All numbers
        </a>
        <h1>
          {session.label ?? id}
          <span class="quiet">
            {session.label !== null && <span>{id}</span>}
            {session.phoneNumber !== null && <span class="number">+{session.phoneNumber}</span>}
          </span>
        </h1>
      </div>
      <section class={`card now ${toneOf(session)}`} aria-label="Now">
        <p class="now-state">
          <StatusMark status={session.status} tone={toneOf(session)} />
          <span class="quiet">
            for <Age since={session.since} />
          </span>
        </p>
        <p class="now-why">{sentenceOf(session)}</p>
        {next !== null && (
          <p class="next">
            <Upcoming {...next} />
          </p>
        )}
        {action !== null && <p class="to-do">{action}</p>}
        {mayAct && <SessionActions session={session} />}
      </section>
      {mayAct && isToBeLinked && (
        <section class="card" aria-labelledby="link-title">
          <h2 id="link-title">Link it to its phone</h2>
          <LinkPanel session={session} />
        </section>
      )}
      <History
        session={session}
        aside={
          <>
            <SessionFacts session={session} />
            {mayAct && session.browser !== null && <Screenshot sessionId={id} />}
          </>
        }
      >
        <Outbox session={session} />
      </History>
    </>
  );
}
