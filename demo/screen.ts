import type { DemoSession } from './service.js';

export interface Picture {
  url: string;
  apiKey: string;
  sessions: readonly DemoSession[];
  counts: Readonly<Record<string, { sent: number; received: number; twice: number }>>;
  /** Newest last. */
  happenings: readonly string[];
  elapsedSeconds: number;
}

const COLOURS: Readonly<Record<string, string>> = {
  connected: '\u001b[32m',
  qr_pending: '\u001b[36m',
  connecting: '\u001b[36m',
  reconnecting: '\u001b[33m',
  suspended: '\u001b[35m',
  error: '\u001b[31m',
  disconnected: '\u001b[31m',
};
const PLAIN = '\u001b[0m';
const HOME_AND_CLEAR = '\u001b[H\u001b[J';
const HAPPENINGS_SHOWN = 12;

const COLUMNS = [
  ['number', 10],
  ['phone', 15],
  ['status', 13],
  ['up', 7],
  ['memory', 8],
  ['in', 4],
  ['out', 4],
  ['twice', 5],
  ['what is going on', 60],
] as const;

function cells(session: DemoSession, counts: Picture['counts']): string[] {
  const { sent = 0, received = 0, twice = 0 } = counts[session.id] ?? {};
  const memory = session.browser ? `${Math.round(session.browser.memoryBytes / 1024 / 1024)} MiB` : '-';
  const numbers = [`${session.uptimeSeconds}s`, memory, `${received}`, `${sent}`, `${twice}`];
  return [session.id, session.phoneNumber ?? '-', session.status, ...numbers, session.message];
}

function row(values: readonly string[]): string {
  const line = COLUMNS.map(([, width], index) => (values[index] ?? '').slice(0, width).padEnd(width))
    .join('  ')
    .trimEnd();
  // A line that wraps breaks the table.
  return line.slice(0, process.stdout.columns ?? line.length);
}

/** The whole screen as text; with colours for a terminal, without for a file. */
export function draw(picture: Picture, colours: boolean): string {
  const { url, apiKey, sessions, counts, happenings, elapsedSeconds } = picture;
  const lines = [
    `Wakeful demo, ${elapsedSeconds} s: three numbers on a simulated WhatsApp, and something breaks now and then.`,
    `API ${url}   key ${apiKey}   try: curl -H "X-Api-Key: ${apiKey}" ${url}/api/sessions`,
    '',
    row(COLUMNS.map(([title]) => title)),
    ...sessions.map((session) => {
      const line = row(cells(session, counts));
      return colours ? `${COLOURS[session.status] ?? ''}${line}${PLAIN}` : line;
    }),
    '',
    'What happened (newest last):',
    ...happenings.slice(-HAPPENINGS_SHOWN).map((line) => `  ${line}`),
    '',
    'Ctrl-C ends the demo and cleans up.',
  ];
  return `${colours ? HOME_AND_CLEAR : ''}${lines.join('\n')}\n`;
}
