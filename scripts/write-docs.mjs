#!/usr/bin/env node
// Writes the parts of the documentation that come from the code, between <!-- NAME:begin --> and <!-- NAME:end -->.
// `--check` writes nothing, says what is stale and ends with 1. Needs a build: it asks the compiled code.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const readJson = (path) => JSON.parse(read(path));

async function fromBuild(path) {
  try {
    return await import(new URL(`dist/${path}`, root));
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(`docs: dist/${path} is not there. Run "npm run build" first.`);
    process.exit(1);
  }
}

const code = (text) => `\`${text}\``;
const codes = (list) => list.map(code).join(', ');

/** A Markdown table, padded as the formatter wants it. */
function table(columns, rows) {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = columns.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = cells.map(line);
  return [head, line(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** `300000` reads better beside "5 min". */
function duration(ms) {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

function shown(name, value) {
  const text = code(JSON.stringify(value));
  return name.endsWith('Ms') && typeof value === 'number' ? `${text} (${duration(value)})` : text;
}

/** The leaves of a nested object as `a.b` with their values. */
function leaves(object, before = '') {
  return Object.entries(object).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? leaves(value, `${before}${name}.`)
      : [[before + name, value]],
  );
}

/** Every setting with its JSON Schema; what may be null keeps its words in the other half of `anyOf`. */
function settings(schema, before = '') {
  return Object.entries(schema.properties).flatMap(([name, part]) => {
    if (part.properties) return settings(part, `${before}${name}.`);
    const nullable = part.anyOf?.some(({ type }) => type === 'null') ?? false;
    const word = part.anyOf?.find((choice) => choice.const !== undefined)?.const;
    const inner = part.anyOf?.find((choice) => choice.type !== 'null' && choice.const === undefined) ?? part;
    const description = part.description ?? inner.description;
    if (!description) throw new Error(`The setting ${before}${name} has no description.`);
    return [{ ...inner, name: before + name, description, nullable, word }];
  });
}

const KINDS = { string: 'text', integer: 'whole number', number: 'number', boolean: '`true` or `false`' };
const LISTS = { string: 'list of texts', integer: 'list of whole numbers', object: 'list of objects' };

function allowed({ type, enum: choices, items, minimum, exclusiveMinimum, maximum, minLength, nullable, word }) {
  const listed = items && (items.enum ? `list of ${codes(items.enum)}` : LISTS[items.type]);
  const parts = [choices ? codes(choices) : (listed ?? KINDS[type])];
  if (exclusiveMinimum !== undefined) parts.push(`above ${exclusiveMinimum}`);
  if (minimum > Number.MIN_SAFE_INTEGER) parts.push(`${minimum} or more`);
  if (maximum < Number.MAX_SAFE_INTEGER) parts.push(`${maximum} at most`);
  if (minLength > 1) parts.push(`${minLength} characters or more`);
  if (word !== undefined) parts.push(`or ${code(`"${word}"`)}`);
  return parts.join(', ') + (nullable ? `, or ${code('null')}` : '');
}

async function configuration() {
  const { configSchema } = await fromBuild('config.js');
  const defaults = Object.fromEntries(leaves(readJson('config/default.json')));
  return settings(z.toJSONSchema(configSchema)).map((setting) => {
    if (!(setting.name in defaults)) throw new Error(`config/default.json has no ${setting.name}.`);
    return { ...setting, value: shown(setting.name, defaults[setting.name]) };
  });
}

function presets() {
  const names = readdirSync(new URL('config/', root))
    .map((file) => file.replace(/\.json$/, ''))
    .filter((name) => !['default', 'browser-candidates'].includes(name))
    .sort();
  const changes = (name) =>
    leaves(readJson(`config/${name}.json`)).map(([key, value]) => `${code(key)} ${shown(key, value)}`);
  return table(
    ['Preset', 'What it sets'],
    names.map((name) => [code(name), changes(name).join(', ')]),
  );
}

/** The commands of the command line, each with what it takes. */
async function commandLine() {
  const { createProgram } = await fromBuild('cli/program.js');
  const { EXIT_MEANINGS } = await fromBuild('cli/cli-failure.js');
  const { globalTermsOf, referenceOf } = await fromBuild('cli/reference.js');
  const program = createProgram({ version: '', env: {} });
  const sentence = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;
  const terms = (list) =>
    table(
      ['', 'Meaning'],
      list.map(({ term, meaning }) => [code(term), meaning]),
    );
  const sections = referenceOf(program).map(({ usage, description, terms: own }) =>
    [`### ${code(usage)}`, sentence(description), ...(own.length > 0 ? [terms(own)] : [])].join('\n\n'),
  );
  return [
    { file: 'docs/cli.md', name: 'cli-globals', text: terms(globalTermsOf(program)) },
    {
      file: 'docs/cli.md',
      name: 'cli-exit-codes',
      text: table(
        ['Exit code', 'Meaning'],
        Object.entries(EXIT_MEANINGS).map(([number, meaning]) => [code(number), meaning]),
      ),
    },
    { file: 'docs/cli.md', name: 'cli-commands', text: sections.join('\n\n') },
  ];
}

/** How the presets for recovery differ, in what a person sees of them. */
async function presetsCompared() {
  const { loadConfig } = await fromBuild('config.js');
  const { backoffDelayMs } = await fromBuild('domain/backoff.js');
  const names = ['standard', 'patient', 'brisk', 'short'];
  const policies = names.map((preset) => loadConfig({ WAKEFUL_PRESET: preset }, '/'));
  const waits = ({ backoff }) => {
    const seconds = [];
    for (let attempt = 1; seconds.at(-1) !== backoff.maxDelayMs / 1000; attempt += 1) {
      seconds.push(backoffDelayMs(attempt, backoff, 0) / 1000);
    }
    return `${seconds.join(', ')} s`;
  };
  const opens = ({ failureThreshold, openMs, whenOpen }) =>
    `${failureThreshold} failures, then ${whenOpen === 'halt' ? 'a person' : `one trial after ${duration(openMs)}`}`;
  return table(
    ['', ...names.map(code)],
    [
      ['Waits before the attempts, the last one again and again', ...policies.map(waits)],
      [
        'Gives up after',
        ...policies.map(({ backoff }) => (backoff.maxAttempts === null ? 'never' : `${backoff.maxAttempts} attempts`)),
      ],
      ['Circuit opens after', ...policies.map(({ breaker }) => opens(breaker))],
      [
        'Logouts in a row until the profile goes to quarantine',
        ...policies.map(({ credentials }) => credentials.discardAfter),
      ],
    ],
  );
}

/** What stands where: file, name of the markers, and the text between them. */
async function parts() {
  const rows = await configuration();
  const { REASONS } = await fromBuild('domain/reason.js');
  const { LOG_EVENTS } = await fromBuild('domain/log-event.js');
  const { ERRORS } = await fromBuild('domain/error-catalogue.js');
  const { createPrometheus } = await fromBuild('adapters/prometheus.js');
  const { REALTIME_EVENTS } = await fromBuild('api/realtime/news.js');
  const { MESSAGE_FAILURES } = await fromBuild('domain/message-failure.js');
  const { LAUNCH_FLAGS } = await fromBuild('adapters/chromium/launch-flags.js');
  return [
    {
      file: 'docs/configuration.md',
      name: 'configuration',
      text: table(
        ['Setting', 'Default', 'May be', 'Meaning'],
        rows.map((row) => [code(row.name), row.value, allowed(row), row.description]),
      ),
    },
    { file: 'docs/configuration.md', name: 'presets', text: presets() },
    { file: 'docs/recovery.md', name: 'presets', text: await presetsCompared() },
    {
      file: 'docs/states.md',
      name: 'reasons',
      text: table(
        ['Reason', 'Kind', 'What the session says', 'userAction'],
        Object.entries(REASONS).map(([reason, { kind, sentence, userAction }]) => [
          code(reason),
          kind,
          sentence,
          code(userAction),
        ]),
      ),
    },
    {
      file: 'docs/log-events.md',
      name: 'log-events',
      text: table(
        ['Event', 'Meaning'],
        Object.entries(LOG_EVENTS).map(([event, meaning]) => [code(event), meaning]),
      ),
    },
    {
      file: 'docs/errors.md',
      name: 'errors',
      text: table(
        ['Code', 'HTTP status', 'Title', 'Worth trying again', 'Who can mend it'],
        Object.entries(ERRORS).map(([name, { status, title, retryable, mendedBy }]) => [
          code(name),
          status,
          title,
          retryable ? 'yes' : 'no',
          mendedBy,
        ]),
      ),
    },
    {
      file: 'docs/realtime.md',
      name: 'realtime-events',
      text: table(
        ['Event', 'For', 'When', 'Payload'],
        Object.entries(REALTIME_EVENTS).map(([event, { access, when, payload }]) => [
          code(event),
          access === 'viewer' ? 'all' : 'operators, admins',
          when,
          payload,
        ]),
      ),
    },
    {
      file: 'docs/messages.md',
      name: 'message-codes',
      text: table(
        ['Code', 'Status', 'Meaning', 'What to do'],
        Object.entries(MESSAGE_FAILURES).map(([name, { status, meaning, whatToDo }]) => [
          code(name),
          code(status),
          meaning,
          whatToDo,
        ]),
      ),
    },
    {
      file: 'docs/monitoring.md',
      name: 'metrics',
      text: table(
        ['Metric', 'Kind', 'Labels', 'Meaning'],
        (await createPrometheus().describe()).map(({ name, kind, labels, help }) => [
          code(name),
          kind,
          codes(labels),
          help,
        ]),
      ),
    },
    {
      file: 'docs/browser.md',
      name: 'flags',
      text: table(
        ['Flag', 'Profiles', 'Engines', 'Why', 'Measured'],
        LAUNCH_FLAGS.map(({ flag, profiles, engines, reason, measured }) => [
          code(flag),
          profiles.join(', '),
          engines?.join(', ') ?? 'all',
          reason,
          measured ?? '',
        ]),
      ),
    },
    ...(await commandLine()),
  ];
}

/** The file with the text between its markers replaced. */
function replaced(content, { file, name, text }) {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [content.indexOf(begin), content.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} needs the markers ${begin} and ${end}.`);
  return `${content.slice(0, from + begin.length)}\n\n${text}\n\n${content.slice(to)}`;
}

const checking = process.argv.includes('--check');
const stale = [];
for (const part of await parts()) {
  const before = read(part.file);
  const after = replaced(before, part);
  if (after === before) continue;
  stale.push(`${part.file} (${part.name})`);
  if (!checking) writeFileSync(new URL(part.file, root), after);
}
if (stale.length === 0) console.log('docs: everything is up to date');
else console.log(`docs: ${checking ? 'stale, run "npm run docs"' : 'written'}: ${stale.join(', ')}`);
if (checking && stale.length > 0) process.exit(1);
