import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Config, configSchema, loadConfig } from '../src/config.js';

type Json = Record<string, unknown>;

const CONFIG_DIR = new URL('../config/', import.meta.url);
/** The names that a configuration can ask for; what else lies in the folder has a hyphen. */
const PRESETS = readdirSync(CONFIG_DIR)
  .filter((file) => /^[a-z]+\.json$/.test(file) && file !== 'default.json')
  .map((file) => file.slice(0, -'.json'.length));
const readConfig = (name: string): Json => JSON.parse(readFileSync(new URL(`${name}.json`, CONFIG_DIR), 'utf8'));

const isGroup = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every setting as its path from the root. */
function settingsOf(value: Json, path: string[] = []): string[][] {
  return Object.entries(value).flatMap(([key, inner]) =>
    isGroup(inner) ? settingsOf(inner, [...path, key]) : [[...path, key]],
  );
}

function without(value: Json, path: readonly string[]): Json {
  const [key = '', ...rest] = path;
  const { [key]: inner, ...others } = value;
  return isGroup(inner) && rest.length > 0 ? { ...others, [key]: without(inner, rest) } : others;
}

const dotted = (path: readonly string[]) => path.join('.');
const defaults = readConfig('default');
const everySetting = settingsOf(defaults);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'wakeful-config-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PORT = 4711;
/** Loads with a configuration file of these words, or objects. */
function loadFile(content: Json | string, env: NodeJS.ProcessEnv = {}): Config {
  writeFileSync(join(dir, 'wakeful.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return loadConfig({ ...env, WAKEFUL_CONFIG: 'wakeful.json' }, dir);
}

describe('config/default.json', () => {
  test('is valid and holds nothing that the schema does not know', () => {
    expect(configSchema.safeParse(defaults).error).toBeUndefined();
  });

  test.each(everySetting.map((path) => [dotted(path), path] as const))(
    'is the one place of the value of %s: without it nothing starts',
    (name, path) => {
      const { error } = configSchema.safeParse(without(defaults, path));
      expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([name]);
    },
  );

  test('every setting is described', () => {
    for (const path of everySetting) {
      let schema: unknown = configSchema;
      for (const key of path) schema = (schema as { shape: Json }).shape[key];
      const { description, unwrap } = schema as { description?: string; unwrap?: () => { description?: string } };
      expect([dotted(path), description ?? unwrap?.call(schema).description]).toEqual([
        dotted(path),
        expect.any(String),
      ]);
    }
  });

  test('gives paths from the folder where the service was started', () => {
    expect(loadConfig({}, '/srv/wakeful')).toMatchObject({
      dataDir: '/srv/wakeful/data',
      authDir: '/srv/wakeful/.wwebjs_auth',
    });
  });

  test('listens on loopback only, and gives the whole shutdown more time than one browser needs', () => {
    const { host, deadlines } = loadConfig({}, '/');
    expect(host).toBe('127.0.0.1');
    expect(deadlines.shutdownMs).toBeGreaterThan(deadlines.closeMs + deadlines.terminateMs);
  });

  test('has the port, the limits and the pace that others rely on', () => {
    expect(loadConfig({}, '/')).toMatchObject({
      port: 3000,
      http: { allowPrivateAddresses: true },
      api: { requestsPerSecond: 100, failedSignInsPerMinute: 10 },
      messages: { pacing: { perMinute: null, minGapMs: 0, jitterMs: 0 } },
      credentials: { quarantineDays: 7 },
    });
  });

  test('R22 R23 asks a quiet session every 60 s, and probes after 5 minutes where that is off', () => {
    const { keepAlive, staleness } = loadConfig({}, '/');
    expect(keepAlive).toEqual({ intervalMs: 60_000 });
    expect(staleness).toEqual({ afterMs: 300_000, action: 'probe' });
  });

  test('finds a page that hangs within 30 s (B03)', () => {
    const { probeIntervalMs, probeTimeoutMs, retryAfterMissMs } = loadConfig({}, '/').health;
    expect(probeIntervalMs + 2 * probeTimeoutMs + retryAfterMissMs).toBeLessThanOrEqual(30_000);
  });
});

describe('presets', () => {
  test('are the documented ones', () => {
    expect(PRESETS.sort()).toEqual(['brisk', 'compat', 'patient', 'short', 'standard']);
  });

  test.each(PRESETS)('%s changes only settings that there are, and gives a valid configuration', (preset) => {
    const known = everySetting.map(dotted);
    for (const path of settingsOf(readConfig(preset))) expect(known).toContain(dotted(path));
    expect(() => loadConfig({ WAKEFUL_PRESET: preset }, '/')).not.toThrow();
  });

  test('R02 R03 R14 give the numbers of the services that they stand for', () => {
    const load = (preset: string) => loadConfig({ WAKEFUL_PRESET: preset }, '/');
    const MINUTES_5 = 300_000;
    expect(load('standard').backoff).toMatchObject({
      baseDelayMs: 5000,
      factor: 2,
      maxDelayMs: MINUTES_5,
      maxAttempts: 10,
    });
    expect(load('standard')).toEqual(loadConfig({}, '/'));
    expect(load('short').backoff).toMatchObject({ baseDelayMs: 5000, factor: 2, maxDelayMs: 80_000, maxAttempts: 5 });
    expect(load('patient').backoff).toMatchObject({ baseDelayMs: 5000, maxDelayMs: 60_000, maxAttempts: null });
    expect(load('patient').credentials.discardAfter).toBe(1);
    expect(load('brisk').backoff).toMatchObject({ baseDelayMs: 1000, maxDelayMs: 30_000, maxAttempts: 10 });
    expect(load('brisk').breaker).toEqual({ failureThreshold: 5, openMs: 60_000, whenOpen: 'halt' });
    expect(load('compat').browser.profile).toBe('compat');
  });

  test('a preset that does not exist is named in the error', () => {
    expect(() => loadConfig({ WAKEFUL_PRESET: 'hasty' }, '/')).toThrow(/no preset "hasty"; there are .*patient/);
  });

  test('a port of blanks is not taken for port 0', () => {
    expect(() => loadConfig({ WAKEFUL_PORT: ' ' }, '/')).toThrow(/port/);
  });

  test('a setting that takes a word or a number says both', () => {
    expect(() => loadFile({ fleet: { maxConcurrentStarts: null } })).toThrow(/expected "auto" or a whole number/);
  });

  test('a preset that is no plain name is refused', () => {
    expect(() => loadFile({ preset: '../package' })).toThrow(/preset is not valid[\s\S]*expected the name of a file/);
    expect(() => loadConfig({ WAKEFUL_PRESET: '../package' }, '/')).toThrow(/preset is not valid/);
  });
});

describe('layers', () => {
  test('a file changes single settings and leaves their neighbours alone', () => {
    const config = loadFile({ backoff: { jitter: 0 }, log: { level: 'debug' } });
    expect(config.backoff).toEqual({ ...loadConfig({}, '/').backoff, jitter: 0 });
    expect(config.log).toMatchObject({ level: 'debug', keepDays: 14 });
  });

  test('a file wins over the preset that it names, and the preset over the defaults', () => {
    const { backoff } = loadFile({ preset: 'patient', backoff: { maxDelayMs: 90_000 } });
    expect(backoff).toMatchObject({ maxDelayMs: 90_000, maxAttempts: null, networkDelayMs: 20_000 });
  });

  test('the environment wins over everything', () => {
    const config = loadFile(
      { preset: 'patient', port: 1, host: '::1' },
      { WAKEFUL_PORT: `${PORT}`, WAKEFUL_PRESET: 'brisk' },
    );
    expect(config).toMatchObject({ port: PORT, host: '::1', backoff: { maxDelayMs: 30_000 } });
  });

  test('lists are replaced, not mixed', () => {
    expect(loadFile({ browser: { extraArgs: ['--mute-audio'] } }).browser.extraArgs).toEqual(['--mute-audio']);
  });

  test('a file may stand anywhere', () => {
    loadFile({ port: PORT });
    expect(loadConfig({ WAKEFUL_CONFIG: join(dir, 'wakeful.json') }, '/').port).toBe(PORT);
  });
});

describe('environment', () => {
  test.each([
    ['WAKEFUL_PORT', '4711', { port: PORT }],
    ['WAKEFUL_HOST', '0.0.0.0', { host: '0.0.0.0' }],
    ['WAKEFUL_API_KEY', 'a-key-of-sixteen-characters', { apiKey: 'a-key-of-sixteen-characters' }],
    ['WAKEFUL_DATA_DIR', '/var/lib/wakeful', { dataDir: '/var/lib/wakeful' }],
    ['WAKEFUL_DATA_DIR', 'state', { dataDir: '/srv/state' }],
    ['WAKEFUL_AUTH_DIR', '/var/lib/profiles', { authDir: '/var/lib/profiles' }],
    ['WAKEFUL_HANDLERS', './bot.js', { handlers: { file: '/srv/bot.js', concurrency: 20 } }],
    ['WAKEFUL_HANDLERS', '/opt/bot.js', { handlers: { file: '/opt/bot.js' } }],
    ['CHROME_PATH', '/opt/chrome', { browser: { executablePath: '/opt/chrome', engine: 'auto' } }],
    ['PUPPETEER_EXECUTABLE_PATH', '/opt/chromium', { browser: { executablePath: '/opt/chromium' } }],
  ])('%s=%s is heard', (name, value, expected) => {
    expect(loadConfig({ [name]: value }, '/srv')).toMatchObject(expected);
  });

  test('CHROME_PATH wins over PUPPETEER_EXECUTABLE_PATH', () => {
    const env = { CHROME_PATH: '/opt/chrome', PUPPETEER_EXECUTABLE_PATH: '/opt/chromium' };
    expect(loadConfig(env, '/').browser.executablePath).toBe('/opt/chrome');
  });

  test('an empty variable is as none', () => {
    const names = ['PORT', 'HOST', 'API_KEY', 'DATA_DIR', 'AUTH_DIR', 'CONFIG', 'HANDLERS', 'PRESET'].map(
      (name) => `WAKEFUL_${name}`,
    );
    const env = Object.fromEntries([...names, 'CHROME_PATH', 'PUPPETEER_EXECUTABLE_PATH'].map((name) => [name, '']));
    expect(loadConfig(env, '/')).toEqual(loadConfig({}, '/'));
  });

  test('other variables are left alone', () => {
    expect(loadConfig({ PORT: '1', HOST: 'example.org' }, '/')).toEqual(loadConfig({}, '/'));
  });
});

describe('a bad value gives one clear error that names the setting', () => {
  test.each<[string, Json]>([
    ['backoff.jitter', { backoff: { jitter: 1.5 } }],
    ['backoff.maxAttempts', { backoff: { maxAttempts: 0 } }],
    ['backoff.baseDelayMs', { backoff: { baseDelayMs: '5s' } }],
    ['breaker.whenOpen', { breaker: { whenOpen: 'never' } }],
    ['health.probeIntervalMs', { health: { probeIntervalMs: -1 } }],
    ['qr', { qr: 5 }],
    ['credentials.discardAfter', { credentials: { discardAfter: null } }],
    ['browser.extraArgs', { browser: { extraArgs: '--mute-audio' } }],
    ['apiKey', { apiKey: 'with a space' }],
    ['port', { port: 65_536 }],
    ['webhooks.endpoints', { webhooks: { endpoints: [{ url: 'http://a/' }, { url: 'http://a/' }] } }],
  ])('%s', (setting, content) => {
    expect(() => loadFile(content)).toThrow(/^The configuration is not valid:\n/);
    expect(() => loadFile(content)).toThrow(new RegExp(`→ at ${setting.replace('.', '\\.')}\n?$`));
  });

  test.each<[string, Json]>([
    ['bakoff', { bakoff: {} }],
    ['maxDelay', { backoff: { maxDelay: 1 } }],
  ])('%s, which does not exist', (setting, content) => {
    expect(() => loadFile(content)).toThrow(new RegExp(`Unrecognized key: "${setting}"`));
  });

  test('two bad values are both named', () => {
    expect(() => loadFile({ port: -1, log: { level: 'loud' } })).toThrow(/port[\s\S]*log\.level/);
  });

  test('a port in the environment that is no number', () => {
    expect(() => loadConfig({ WAKEFUL_PORT: 'http' }, '/')).toThrow(/→ at port/);
  });

  test.each([
    ['is not JSON', '{ port: 1 }', /wakeful\.json could not be read as JSON/],
    ['holds no object', '[]', /wakeful\.json must hold a JSON object/],
  ])('a file that %s is named', (_, content, words) => {
    expect(() => loadFile(content)).toThrow(words);
  });

  test('a file that is not there is named', () => {
    expect(() => loadConfig({ WAKEFUL_CONFIG: 'nowhere.json' }, dir)).toThrow(/nowhere\.json/);
  });
});

test('the configuration is frozen in every part', () => {
  const frozen = (value: unknown): boolean =>
    Object.isFrozen(value) && (typeof value !== 'object' || value === null || Object.values(value).every(frozen));
  expect(frozen(loadConfig({}, '/'))).toBe(true);
});
