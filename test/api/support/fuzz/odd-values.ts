import fc from 'fast-check';

const LONG = [150, 5_000, 70_000];
const DEEP = [64, 2_000];

/** Texts that have broken programs before. */
export const oddText = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['', ' ', '.', '..', '../../etc/passwd', '..\\..', '/', '\\', '%00', '%2e%2e%2f', '~', '-', '*', '?', '#'],
      ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined', 'true'],
      ...['NaN', 'Infinity', '-1', '0', '-0', '1e309', '0x10', '1.5', '9007199254740993', '99999999999999999999'],
      ...['\u0000', 'a\u0000b', '\r\nX-Injected: 1', '\u2028', '\u202e', '\ufeff', '💥', 'é', 'é'],
      ...["' OR 1=1 --", "'; DROP TABLE session; --", '{{7*7}}', '<script>', '$(id)', '491511234567@c.us'],
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('\ud800', 'x\udc00', '\udc00\ud800') },
  { weight: 1, arbitrary: fc.constantFrom(...LONG).map((length) => 'x'.repeat(length)) },
);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = null;
  for (let level = 0; level < depth; level += 1) value = wrap(value);
  return value;
}

/** Values of JSON that are rarely what was expected. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddText },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, Number.MIN_VALUE],
      ...[[], [null], [[]], {}, { length: 1 }, { toString: 1 }, { ['__proto__']: { polluted: true } }],
    ),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(...DEEP).map((depth) => nested(depth, (inner) => [inner])) },
  { weight: 1, arbitrary: fc.constantFrom(...DEEP).map((depth) => nested(depth, (inner) => ({ a: inner }))) },
);
