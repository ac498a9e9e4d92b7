import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createLogger } from '../../src/adapters/logger.js';
import { redactFields, redactText } from '../../src/adapters/redaction.js';

describe('redaction', () => {
  test.each([
    ['Sending to 491511234567.', 'Sending to 491*******67.'],
    ['to 491511234567@c.us', 'to 491*******67@c.us'],
    ['id true_491511234567@c.us_3EB0A1', 'id true_491*******67@c.us_3EB0A1'],
    ['group 491511234567-1600000000@g.us', 'group 491*******67-160*****00@g.us'],
    ['call +49 151 1234-567 now', 'call 491*******67 now'],
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer [redacted]'],
    ['authorization: basic YWJj', 'authorization: basic [redacted]'],
    ['a=1&password=x', 'a=1&password=[redacted]'],
    ['the key wk_Abc123xyz is old', 'the key [redacted] is old'],
    ['proxy http://me:pass@proxy:8080/', 'proxy http://[redacted]@proxy:8080/'],
    ['GET /x?token=abc&a=1', 'GET /x?token=[redacted]&a=1'],
  ])('turns "%s" into "%s"', (text, safe) => {
    expect(redactText(text)).toBe(safe);
  });

  test.each([
    'It took 123456 ms.',
    'epoch 12, pid 4711',
    '2026-01-31T10:11:12.123Z',
    'sha a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
  ])('leaves "%s" alone', (text) => {
    expect(redactText(text)).toBe(text);
  });

  test('drops contents, hides secrets and keeps ids and numbers', () => {
    const fields = {
      sessionId: '491511234567',
      qr: '2@abc',
      text: 'hello',
      body: 'hello',
      token: 't',
      hmacKey: 'k',
      apiKey: 'a',
      authorization: 'b',
      to: '491511234567@c.us',
      tookMs: 12345678,
      missing: undefined,
      nothing: null,
    };
    expect(redactFields(fields)).toEqual({
      sessionId: '491511234567',
      token: '[redacted]',
      hmacKey: '[redacted]',
      apiKey: '[redacted]',
      authorization: '[redacted]',
      to: '491*******67@c.us',
      tookMs: 12345678,
      nothing: null,
    });
  });
});

describe('the logger', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-log-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const settings = { level: 'info', console: 'off', keepDays: 3 } as const;
  const logFiles = () => readdirSync(join(folder, 'logs')).filter((name) => name.endsWith('.log'));
  const lines = (): unknown[] =>
    logFiles()
      .flatMap((name) => readFileSync(join(folder, 'logs', name), 'utf8').split('\n'))
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));

  test('writes redacted JSON lines that are on disk once it has stopped', async () => {
    const { logger, stop } = createLogger(settings, folder);
    logger.info('message.sent', 'Sent to 491511234567.', { sessionId: 'sales', text: 'private', ack: 1 });
    logger.debug('probe.miss', 'Too fine for this level.');
    for (let i = 0; i < 500; i += 1) logger.warn('probe.miss', `Number ${i}.`);
    await stop();
    await stop();
    logger.info('message.sent', 'Too late.');
    const written = lines();
    expect(written).toHaveLength(501);
    expect(written[0]).toEqual({
      level: 'info',
      event: 'message.sent',
      message: 'Sent to 491*******67.',
      sessionId: 'sales',
      ack: 1,
      timestamp: expect.any(String),
    });
  });

  test.each([
    ['pretty', /^\d\d:\d\d:\d\d\.\d{3} INFO {2}\[sales\] Sent to 491\*{7}67\. \(message\.sent\) ack=1\n$/],
    [
      'json',
      /^\{"ack":1,"event":"message\.sent","level":"info","message":"Sent to 491\*{7}67\.","sessionId":"sales","timestamp":"[^"]+Z"\}\n$/,
    ],
    ['off', /^$/],
  ] as const)('writes to the console, when that is %s, what it is to show', async (style, shown) => {
    // Where winston's own transport writes to.
    const write = jest.spyOn(Reflect.get(console, '_stdout') as NodeJS.WriteStream, 'write').mockReturnValue(true);
    try {
      const { logger, stop } = createLogger({ ...settings, console: style }, folder);
      logger.info('message.sent', 'Sent to 491511234567.', { sessionId: 'sales', text: 'private', ack: 1 });
      logger.debug('probe.miss', 'Too fine for this level.');
      await stop();
      expect(write.mock.calls.map(([text]) => text).join('')).toMatch(shown);
    } finally {
      write.mockRestore();
    }
    expect(lines()).toHaveLength(1);
  });

  test('begins another file on a day that logs more than 50 MB', async () => {
    const { logger, stop } = createLogger(settings, folder);
    const long = 'so many words '.repeat(75_000);
    for (let megabytes = 0; megabytes < 53; megabytes += 1) {
      logger.info('service.starting', long);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await stop();
    expect(logFiles()).toHaveLength(2);
    const sizes = logFiles().map((name) => statSync(join(folder, 'logs', name)).size);
    expect(Math.max(...sizes)).toBeLessThan(55 * 2 ** 20);
  });

  test('removes files that are older than the days that it keeps them', async () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    const fileOf = (daysAgo: number) => {
      const date = Date.now() - daysAgo * 24 * 60 * 60_000;
      const name = join(logs, `wakeful-${new Date(date).toISOString().slice(0, 10)}.log`);
      writeFileSync(name, '{}\n');
      return { date, name, hash: createHash('sha256').update(`${name}LOG_FILE${date}`).digest('hex') };
    };
    const files = [5, 4, 1].map(fileOf);
    const auditLog = join(logs, '.rotation.json');
    writeFileSync(auditLog, JSON.stringify({ keep: { days: true, amount: 3 }, auditLog, files, hashType: 'sha256' }));
    const { logger, stop } = createLogger(settings, folder);
    logger.info('service.starting', 'Starting.');
    await stop();
    const kept = [1, 0].map((daysAgo) => new Date(Date.now() - daysAgo * 24 * 60 * 60_000).toISOString().slice(0, 10));
    expect(logFiles().sort()).toEqual(kept.map((date) => `wakeful-${date}.log`));
  });

  test('keeps its files to their owner', async () => {
    const { logger, stop } = createLogger(settings, folder);
    logger.info('service.starting', 'Starting.');
    await stop();
    const name = logFiles()[0] ?? '';
    expect(statSync(join(folder, 'logs')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'logs', name)).mode & 0o777).toBe(0o600);
  });
});
