import type { Publish } from '../domain/bus-event.js';
import type { LogEvent } from '../domain/log-event.js';
import type { Clock, Logger } from '../domain/ports.js';
import type { TimelineStore } from '../domain/store-ports.js';

interface TroubleDeps {
  timeline: TimelineStore;
  publish: Publish;
  clock: Clock;
  logger: Logger;
}

/** Writes something that went wrong around a session into its timeline, and into the log. */
export function createTrouble({ timeline, publish, clock, logger }: TroubleDeps) {
  return (sessionId: string, event: LogEvent, words: string): void => {
    const message = `${sessionId}: ${words}`;
    logger.warn(event, message, { sessionId });
    const entry = timeline.append({ sessionId, at: clock.now(), event, message, data: {} });
    publish({ type: 'timeline', entry });
  };
}
