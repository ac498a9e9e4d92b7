import type { UptimeEntry } from '../../../domain/uptime.js';

/** An entry of a timeline as the API shows it; `seq` is its position, `at` is ISO 8601. */
export interface TimelineItem {
  seq: number;
  sessionId: string;
  at: string;
  event: string;
  message: string;
  data: Readonly<Record<string, unknown>>;
}

/** The same as it comes with the event `log`. */
export type LogNews = Omit<TimelineItem, 'seq'> & { timelineSeq: number };

/** The entry behind a `log` event, whose own `seq` counts events of all kinds. */
export function itemOf({ timelineSeq, sessionId, at, event, message, data }: LogNews): TimelineItem {
  return { seq: timelineSeq, sessionId, at, event, message, data };
}

/** What the figures of a session are made from. */
export function entryOf({ at, event, data }: TimelineItem): UptimeEntry {
  return { at: Date.parse(at), event, data };
}

/** What begins with the session's own id says it without. */
export function wordsOf({ sessionId, message }: TimelineItem): string {
  return message.startsWith(`${sessionId}: `) ? message.slice(sessionId.length + 2) : message;
}

export type EntryTone = 'good' | 'busy' | 'asks' | 'bad' | 'plain';

const TONES: readonly (readonly [RegExp, EntryTone])[] = [
  [/^session\.(connected|stable|snapshot_restored)$|_up$|^incident\.closed$|^webhook\.(recovered|delivered)$/, 'good'],
  [
    /^session\.(lost|gave_up|credentials_failed|profile_quarantined|logged_out)$|^message\.failed$|^incident\.opened$/,
    'bad',
  ],
  [/^session\.(qr_shown|qr_hidden|parked|suspended)$|^handler\.|^webhook\.(dead|failing)$/, 'asks'],
  [/^session\.(starting|healing|retry_scheduled|attempt|recycled)$/, 'busy'],
];

/** Which kind of news an entry is. */
export function entryTone({ event }: TimelineItem): EntryTone {
  return TONES.find(([pattern]) => pattern.test(event))?.[1] ?? 'plain';
}

/** The facts of an entry that its words may leave out: the reason, the rung of healing, how long it took. */
export function factsOf({ data }: TimelineItem): [string, string][] {
  return ['reason', 'rung', 'detail', 'tookMs', 'delayMs', 'attempt', 'why'].flatMap((name): [string, string][] => {
    const value = data[name];
    if (value === undefined || value === null || value === '' || value === 0) return [];
    if (name.endsWith('Ms') && typeof value === 'number')
      return [[name.slice(0, -2), `${(value / 1000).toFixed(1)} s`]];
    return [[name, String(value)]];
  });
}
