import { median } from '../support/median.js';
import { type Report, seconds } from './report.js';
import type { RestoreMeasure } from './restore-measure.js';
import type { Row } from './row.js';

const [BEGIN, END] = ['<!-- chaos:begin -->', '<!-- chaos:end -->'];

const COLUMNS: readonly (readonly [title: string, cell: (row: Row) => string])[] = [
  ['Fault', ({ words, settings }) => capital(words) + (settings === null ? '' : ` (${settings})`)],
  ['Found after', ({ foundMs }) => seconds(foundMs)],
  ['Healed after', outcome],
  ['By', ({ rung }) => (rung === null ? '-' : `\`${rung}\``)],
  ['Others disturbed', ({ disturbed, victim }) => (victim === 'all' ? '-' : String(disturbed.length))],
  ['Lost', ({ messages }) => String(messages.lost)],
  ['Twice', ({ messages }) => String(messages.twice)],
];

/** A run as the documentation shows it: on what it was measured, and a row for each fault. */
export function markdownOf({ rows, restore, machine, sessions, startedAt, seed }: Report): string {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(3, ...cells.map((line) => line[column]?.length ?? 0)));
  const line = (texts: readonly string[]) => `| ${texts.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = '', ...body] = cells.map(line);
  const sent = rows.reduce((sum, { messages }) => sum + messages.accepted + messages.delivered, 0);
  const left = rows.reduce((sum, { orphans, tmpLeft }) => sum + orphans.length + tmpLeft, 0);
  return [
    `Measured with ${sessions} numbers on ${machine.cores} cores, Node ${machine.node}, ${startedAt.slice(0, 10)}, seed ${seed}: ` +
      `${rows.length} faults, ${sent} messages, ${left} processes or temporary files left behind.`,
    '',
    head,
    line(widths.map((width) => '-'.repeat(width))),
    ...body,
    ...(restore === null ? [] : ['', restoreWords(restore)]),
  ].join('\n');
}

/** Puts a text between the marks of a page, by default a page of nothing else. Throws when the page has no marks. */
export function putIntoPage(text: string, page = `${BEGIN}\n${END}\n`): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page needs the marks ${BEGIN} and ${END}`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function restoreWords({ bareMs, afterKillMs }: RestoreMeasure): string {
  const [bare, killed] = [median(bareMs), median(afterKillMs)];
  return (
    `A message sent right after the browser was killed arrived after ${seconds(killed)}: ${(killed / bare).toFixed(2)} times ` +
    `a bare start of that browser (${seconds(bare)}; medians of ${bareMs.length}).`
  );
}

function outcome({ expected, healedMs, broken, reason }: Row): string {
  if (broken.length > 0) return `not as expected: ${broken.join(', ')}`;
  if (expected === 'untouched') return 'not disturbed';
  if (expected === 'qr') return `waits for a scan: \`${reason}\``;
  if (expected.startsWith('parked')) return `waits for a person: \`${reason}\``;
  return seconds(healedMs);
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
