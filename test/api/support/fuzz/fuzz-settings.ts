import fc from 'fast-check';
import type { Known } from './fuzz-request.js';
import { oddText } from './odd-values.js';

const asked = process.env.FUZZ_RUNS;

/** Calls per operation; more with the environment variable FUZZ_RUNS. */
export const RUNS = Number(asked ?? 40);

/** The same calls in every run, other ones whenever more are asked for. */
export const SEED = asked === undefined ? { seed: 20_260_101 } : {};

/** How much an answer may cost. Unlike real time it does not depend on what else the machine does. */
export const MAX_CPU_MS = 2_000;

/** How long an answer may take: a limit that only one reaches that never comes. */
export const PATIENCE_MS = 10_000;

/** How long a test may take that makes so many calls. */
export const TEST_MS = 30_000 + RUNS * 500;

const to = fc.constantFrom('491511234567', '+49 151 1234567', '491511234567@c.us', '12345-678@g.us');

const name = { mimeType: fc.constantFrom('image/png', 'text/plain', '../x', 'a/b; c'), fileName: oddText };
const file = fc.record({ ...name, base64: fc.constantFrom('AAAA', 'aGVsbG8=', 'a', '====', 'data:,x', '_-_-') });

/** Sessions `one` and `two`, `__proto__` as a trap, and a receiver. */
export const KNOWN: Known = {
  samples: {
    id: ['one', 'one', 'two', '__proto__'],
    sessionId: ['one', 'two', 'nobody'],
    messageId: ['msg_1', 'msg_2'],
    number: ['491511234567', '+49 151-1234567'],
    phoneNumber: ['491511234567', '+49 151 1234567'],
    url: ['http://receiver.example/hook', 'https://127.0.0.1:9/'],
  },
  bodies: {
    createKey: fc.record({ name: oddText, role: fc.constantFrom('operator', 'viewer') }),
    createSession: fc.record(
      { id: fc.constantFrom('one', 'two', '__proto__'), label: oddText },
      { requiredKeys: ['id'] },
    ),
    changeSession: fc.record({ label: oddText }),
    sendMessage: fc.oneof(
      { weight: 3, arbitrary: fc.record({ to, text: oddText }) },
      fc.record({ to, media: fc.oneof(file, fc.record({ ...name, url: fc.constant('http://files.example/a') })) }),
      fc.record({ to, media: file, caption: oddText }),
      fc.record({ to, location: fc.record({ latitude: fc.double({ min: -91, max: 91 }), longitude: fc.constant(0) }) }),
      fc.record({ to, text: oddText, quotedMessageId: oddText }),
      fc.record({ to, text: oddText, validForSeconds: fc.constantFrom(1, 60, 0, 1e9, 0.5) }),
    ),
  },
};
