import type { World } from './world.js';

const COLOURS = { good: 32, busy: 33, bad: 31 } as const;
export type Mood = keyof typeof COLOURS;

/** One line of a table; a mood gives it a colour where there are colours. */
export interface Row {
  cells: readonly (string | number | null)[];
  mood?: Mood;
}

export interface Printer {
  /** Prints the answer as JSON for scripts when that was asked for, else lets `show` write it for people. */
  answer(json: unknown, show: () => void): void;
  /** Without rows only the hint. */
  table(columns: readonly string[], rows: readonly Row[], whenEmpty: string): void;
  /** Names and values below each other; what is null is left out. */
  facts(facts: Readonly<Record<string, string | number | null>>): void;
  line(text: string, mood?: Mood): void;
  /** One value as JSON on one line, for what never ends. */
  jsonLine(value: unknown): void;
  /** For people only, and not among the results. */
  hint(text: string): void;
  readonly isJson: boolean;
  /** A person looks at it: it may be drawn anew in its place. */
  readonly isTerminal: boolean;
  readonly hasColours: boolean;
}

export function createPrinter(world: World, isJson: boolean): Printer {
  const { columns } = world;
  const isTerminal = columns !== null;
  // https://no-color.org: whatever it says, unless it is empty.
  const hasColours = isTerminal && !world.env.NO_COLOR && world.env.TERM !== 'dumb';
  const painted = (text: string, mood: Mood | undefined) =>
    hasColours && mood !== undefined ? `\u001b[${COLOURS[mood]}m${text}\u001b[0m` : text;
  const fitted = (text: string) =>
    columns !== null && text.length > columns ? `${text.slice(0, Math.max(0, columns - 1))}…` : text;
  const line = (text: string, mood?: Mood) => world.out(`${painted(text, mood)}\n`);

  const hint = (text: string) => {
    if (!isJson) world.err(`${visible(text)}\n`);
  };

  return {
    isJson,
    isTerminal,
    hasColours,
    line: (text, mood) => line(visible(text), mood),
    jsonLine: (value) => world.out(`${escaped(JSON.stringify(value))}\n`),
    hint,
    answer(json, show) {
      if (isJson) world.out(`${escaped(JSON.stringify(json, null, isTerminal ? 2 : 0))}\n`);
      else show();
    },
    table(titles, rows, whenEmpty) {
      if (rows.length === 0) {
        hint(whenEmpty);
        return;
      }
      const lines = rows.map(({ cells }) => cells.map((cell) => (cell === null ? '-' : visible(String(cell)))));
      const widths = titles.map((title, at) =>
        Math.max(title.length, ...lines.map((cells) => (cells[at] ?? '').length)),
      );
      const join = (cells: readonly string[]) =>
        fitted(
          cells
            .map((cell, at) => cell.padEnd(widths[at] ?? 0))
            .join('  ')
            .trimEnd(),
        );
      line(join(titles));
      rows.forEach(({ mood }, at) => {
        line(join(lines[at] ?? []), mood);
      });
    },
    facts(facts) {
      const known = Object.entries(facts).filter(([, value]) => value !== null);
      const width = Math.max(...known.map(([name]) => name.length));
      for (const [name, value] of known) line(`${name.padEnd(width)}  ${visible(String(value))}`);
    },
  };
}

/** Text of strangers must not command the terminal or turn the direction of writing. */
export function visible(text: string): string {
  return text.replace(/[^\S ]+/g, ' ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '�');
}

/** JSON leaves the second half of the control characters as they are; some terminals obey them. */
function escaped(json: string): string {
  return json.replace(/[\u007f-\u009f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
