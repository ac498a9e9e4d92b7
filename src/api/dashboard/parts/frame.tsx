import { useEffect, useRef } from 'preact/hooks';
import type { Place } from '../model/place.js';
import { countWaiting } from '../model/session-filter.js';
import { useLive, useSignedIn } from '../service/context.js';
import { FleetView } from '../views/fleet.js';
import { LogView } from '../views/log.js';
import { SessionPage } from '../views/session.js';
import { SessionsView } from '../views/sessions.js';
import { WebhooksView } from '../views/webhooks.js';
import { Announcer } from './announcer.js';
import { IncidentBanner } from './incident-banner.js';
import { Logo } from './logo.js';
import { usePlace } from './use-place.js';

const LINKS = [
  ['sessions', 'Numbers'],
  ['log', 'Log'],
  ['webhooks', 'Webhooks'],
  ['fleet', 'Fleet'],
] as const;
const CONNECTION_WORDS = { connecting: 'Connecting…', live: 'Live', lost: 'Not live: trying to connect' } as const;

function View({ place }: { place: Place }) {
  switch (place.view) {
    case 'sessions':
      return <SessionsView />;
    case 'session':
      return <SessionPage key={place.id} id={place.id} />;
    case 'log':
      return <LogView />;
    case 'webhooks':
      return <WebhooksView />;
    case 'fleet':
      return <FleetView />;
    default:
      return place satisfies never;
  }
}

/** The tab tells how many numbers wait for a person, also while it is behind others. */
function useTitle(where: string | undefined): void {
  const waiting = useLive((state) => countWaiting(state.sessions?.values() ?? []));
  useEffect(() => {
    document.title = `${waiting === 0 ? '' : `(${waiting}) `}${where} · Wakeful`;
    return () => {
      document.title = 'Wakeful';
    };
  }, [where, waiting]);
}

/** What stands around every view: the way to the others, whether the page is live, who is signed in. */
export function Frame() {
  const place = usePlace();
  const { me, signOut } = useSignedIn();
  const connection = useLive((state) => state.connection);
  const main = useRef<HTMLElement>(null);
  const where = place.view === 'session' ? place.id : place.view;
  const before = useRef(where);
  useEffect(() => {
    if (before.current === where) return;
    before.current = where;
    // As after a page load: reading and tabbing go on at the beginning of what is new.
    main.current?.focus();
    scrollTo(0, 0);
  }, [where]);
  const current = place.view === 'session' ? 'sessions' : place.view;
  const view = LINKS.find(([name]) => name === current)?.[1];
  useTitle(place.view === 'session' ? place.id : view);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href="#/sessions">
          <Logo />
          Wakeful
        </a>
        <nav aria-label="Views">
          {LINKS.map(([view, word]) => (
            <a key={view} href={`#/${view}`} aria-current={view === current ? 'page' : undefined}>
              {word}
            </a>
          ))}
        </nav>
        <div class="who">
          <span class={`connection ${connection}`} role="status">
            {CONNECTION_WORDS[connection]}
          </span>
          <span class="quiet" title={`Key ${me.name}, role ${me.role}`}>
            {me.name} · {me.role}
          </span>
          <button type="button" onClick={signOut}>
            Sign out
          </button>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <IncidentBanner />
        <View place={place} />
      </main>
      <Announcer />
    </>
  );
}
