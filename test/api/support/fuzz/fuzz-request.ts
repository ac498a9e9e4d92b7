import fc from 'fast-check';
import type { Operation } from './api-document.js';
import { oddText } from './odd-values.js';
import type { PlainRequest } from './plain-http.js';
import { brokenBy, type Samples, soundValue } from './schema-values.js';

export interface FuzzRequest extends PlainRequest {
  /** What the body says when it is JSON and goes out as such; undefined otherwise. */
  json: unknown;
}

/** What no document says, but what it takes to get behind the first check. */
export interface Known {
  samples: Samples;
  /** Whole bodies by operation. */
  bodies: Readonly<Record<string, fc.Arbitrary<unknown>>>;
}

const encoded = (text: string) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));

/** Pieces of a path as nobody should send them, ready for the wire. */
const rawPiece = fc.oneof(
  fc.constantFrom('.', '..', '%2e', '%2e%2e', '..%2f..%2f', '%2f', '%5c', '%00', 'a%00b', '%', '%zz', '%c0%ae', '%ff'),
  fc.constantFrom(';', 'sales;a=b', 'sales%20', '%20sales', '*', ':id', '{id}', 'é', '%u0041', '%E2%80%AE', '@'),
  fc.constantFrom(200, 6_000).map((length) => 'p'.repeat(length)),
);

const contentTypes = [
  ...['', 'text/plain', 'application/jsonx', 'application/json; charset=utf-16', 'application/json; charset=x'],
  ...['application/json;', 'APPLICATION/JSON', 'application/json, text/plain', 'multipart/form-data', 'a', '/', ';'],
  ...['application/problem+json', 'application/x-www-form-urlencoded', 'application/json; charset="'],
];

/** Bodies that are not what JSON.stringify would have made. */
const rawBody = fc.constantFrom<string | Buffer>(
  ...['', ' ', '{', '}', '[', '"', '{}{}', '{"id":"a"', '{"id":"a",}', "{'id':'a'}", 'undefined', 'NaN', '/**/{}'],
  ...['{"id":"one","id":"two"}', '{"__proto__":{"id":"sales"}}', '{"id":1e999}', '\ufeff{}', 'id=sales', '\u0000'],
  ...[
    '['.repeat(90_000),
    `${'['.repeat(40_000)}${']'.repeat(40_000)}`,
    `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
  ],
  Buffer.from([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  Buffer.from('{"label":"x"}', 'utf16le'),
  Buffer.from([0x1f, 0x8b, 0x08, 0x00]),
);

/** Values that may stand in a header; Node sends no others. */
const oddHeader = fc.oneof(
  fc.constantFrom('', ' ', ',', ';', '"', '=', '\u00ff', 'é', '*/*;q=x', ', , ,', '%00', '__proto__', '{}', '-1'),
  fc.constantFrom(255, 256, 4_000).map((length) => 'k'.repeat(length)),
);

const headerTricks: Record<string, fc.Arbitrary<string | string[]>> = {
  authorization: fc.constantFrom(
    'Bearer viewer',
    'Bearer operator',
    'Bearer',
    'Bearer  admin',
    'Basic YTpi',
    'bearer x',
  ),
  accept: fc.oneof(
    fc.constantFrom('image/png', 'application/json', 'text/plain', '*/*', 'text/html;level=1'),
    oddHeader,
  ),
  prefer: fc.oneof(
    fc.constantFrom('wait=1', 'wait=0', 'wait=-1', 'wait="1"', 'wait=1e3', 'wait=', 'wait=99999999999', 'x, wait = 1'),
    oddHeader,
  ),
  'idempotency-key': fc.oneof(fc.constantFrom<string | string[]>('k', ['k', 'k'], ['a', 'b'], '{"a":1}'), oddHeader),
  'x-request-id': oddHeader,
  'x-api-key': oddHeader,
  'x-forwarded-for': oddHeader,
  'x-http-method-override': fc.constant('DELETE'),
  host: oddHeader,
  cookie: oddHeader,
  range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'x'),
  'if-none-match': fc.constantFrom('*', '"x"'),
  expect: fc.constantFrom('100-continue', 'something-else'),
  upgrade: fc.constantFrom('websocket', 'h2c'),
  'content-encoding': fc.constantFrom('gzip', 'deflate', 'br', 'identity', 'gzip, gzip', 'klingon'),
};

const someHeaders = fc
  .uniqueArray(fc.constantFrom(...Object.keys(headerTricks)), { maxLength: 3 })
  .chain((names) => fc.record(Object.fromEntries(names.map((name) => [name, headerTricks[name] ?? oddHeader]))));

function pathOf({ path, parameters }: Operation, samples: Samples): fc.Arbitrary<string> {
  const places = parameters.filter((parameter) => parameter.in === 'path');
  const pieces = places.map(({ name, schema }) =>
    fc.oneof(
      { weight: 12, arbitrary: soundValue(schema, samples, name).map((value) => encoded(String(value))) },
      // An empty one would make another address of it.
      { weight: 1, arbitrary: oddText.filter((text) => text !== '').map(encoded) },
      { weight: 2, arbitrary: rawPiece },
    ),
  );
  return fc
    .tuple(...pieces)
    .map((values) => places.reduce((text, { name }, at) => text.replace(`{${name}}`, () => values[at] ?? ''), path));
}

function queryOf({ parameters }: Operation, samples: Samples): fc.Arbitrary<string> {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const pairs = known.map(({ name, schema }) => {
    const good = soundValue(schema, samples, name).map((value) => `${name}=${encoded(String(value))}`);
    const odd = oddText.map((value) => `${name}=${encoded(value)}`);
    const raw = fc.constantFrom(
      `${name}`,
      `${name}=`,
      `${name}[]=1`,
      `${name}[a]=1`,
      `${name}=%`,
      `${name}=%ff`,
      '=&&=',
    );
    return fc.oneof({ weight: 3, arbitrary: good }, odd, raw);
  });
  const pair = fc.oneof(...pairs, fc.constantFrom('a=1', '__proto__=1', '__proto__[a]=1', 'constructor=1'));
  // Picked with repetition: the same parameter may come twice.
  return fc.array(pair, { maxLength: 4 }).map((all) => (all.length === 0 ? '' : `?${all.join('&')}`));
}

type Content = Pick<FuzzRequest, 'body' | 'json'> & { type: string | null };

function contentOf({ id, body }: Operation, { samples, bodies }: Known): fc.Arbitrary<Content> {
  const nothing: Content = { body: null, json: undefined, type: null };
  const allowed = body ? soundValue(body.schema, samples) : fc.constant({});
  const good = bodies[id] ? fc.oneof(allowed, bodies[id]) : allowed;
  const written = (json: unknown): Content => ({
    body: Buffer.from(JSON.stringify(json)),
    json,
    type: 'application/json',
  });
  const odd = fc.tuple(rawBody, fc.constantFrom('application/json', ...contentTypes));
  const mistyped = fc.tuple(good, fc.constantFrom(...contentTypes));
  return fc.oneof(
    { weight: body ? 6 : 0, arbitrary: good.map(written) },
    { weight: body ? 8 : 1, arbitrary: good.chain(brokenBy).map(written) },
    { weight: 2, arbitrary: odd.map(([raw, type]) => ({ body: Buffer.from(raw), json: undefined, type })) },
    {
      weight: 1,
      arbitrary: mistyped.map(([json, type]) => ({ body: Buffer.from(JSON.stringify(json)), json: undefined, type })),
    },
    { weight: body ? 1 : 12, arbitrary: fc.constant(nothing) },
  );
}

/** Calls of one operation, from sound to absurd. */
export function requestOf(operation: Operation, known: Known): fc.Arbitrary<FuzzRequest> {
  const method = fc.oneof(
    { weight: 20, arbitrary: fc.constant(operation.method) },
    fc.constantFrom('HEAD', 'OPTIONS', 'PUT', 'TRACE', 'PROPFIND'),
  );
  return fc
    .record({
      method,
      path: pathOf(operation, known.samples),
      query: queryOf(operation, known.samples),
      headers: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, someHeaders),
      content: contentOf(operation, known),
    })
    .map(({ method, path, query, headers, content: { type, body, json } }) => {
      const bodiless = body === null || method === 'TRACE';
      return {
        method,
        path: `${path}${query}`,
        headers: {
          authorization: 'Bearer admin',
          accept: 'application/json',
          ...(type === null || bodiless ? {} : { 'content-type': type }),
          ...headers,
          ...(bodiless ? {} : { 'content-length': `${body.length}` }),
        },
        body: bodiless ? null : body,
        json: bodiless || 'content-encoding' in headers ? undefined : json,
        [fc.toStringMethod]: () => `${method} ${path} ${JSON.stringify(headers)} ${type}: ${body?.subarray(0, 2_000)}`,
      };
    });
}
