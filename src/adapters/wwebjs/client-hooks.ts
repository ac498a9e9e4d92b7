import { eventsOfState } from './event-map.js';
import type { Narrator } from './narrator.js';
import type { QuietClientHooks } from './quiet-client.js';

/** What a client tells, as its owner hears it; nothing of it needs to be known by anybody else. */
export function toldBy(narrator: Narrator): Pick<QuietClientHooks, 'socketState' | 'injected' | 'synced' | 'ignored'> {
  return {
    socketState: (state) => {
      for (const event of eventsOfState(state)) narrator.event(event);
    },
    injected: () => narrator.log('info', 'client.injected', 'whatsapp-web.js is in the page'),
    synced: () => narrator.event({ type: 'synced' }),
    ignored: (doing, error) => narrator.ignored(doing, error),
  };
}
