import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import { type JsonObject, merge, readJson, readPreset } from './config-files.js';
import { plainWebUrl, webhookSchema } from './webhook-schema.js';

/** A timer of Node fires at once when it is longer than this. */
const LONGEST_MS = 2 ** 31 - 1;
const ms = (what: string) => z.number().int().nonnegative().max(LONGEST_MS).describe(`${what} (milliseconds)`);
const count = (what: string) => z.number().int().positive().describe(what);

/** Every setting, with the words that the configuration table is generated from. The values stand in `config/default.json`. */
export const configSchema = z.strictObject({
  host: z.string().min(1).describe('Address that the API listens on; anything but loopback needs a deliberate choice'),
  port: z.number().int().min(0).max(65535).describe('Port of the API; 0 takes a free one'),
  apiKey: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'expected letters, digits and signs of ASCII without spaces')
    .nullable()
    .describe('An admin key; null makes one on first start and shows it once'),
  dataDir: z.string().min(1).describe('Folder of database, logs, snapshots and quarantine'),
  authDir: z.string().min(1).describe('Folder of the browser profiles, one `session-<id>` each'),
  browser: z
    .strictObject({
      executablePath: z.string().min(1).nullable().describe('The browser to run; null finds one'),
      engine: z
        .enum(['auto', 'headless-shell', 'chromium'])
        .describe('Which build to look for: `auto` takes the lean headless shell when it is there'),
      profile: z.enum(['lean', 'full', 'compat']).describe('Set of launch flags, see docs/browser.md'),
      sandbox: z
        .enum(['auto', 'on', 'off'])
        .describe("Chromium's sandbox: `auto` turns it off only where a trial start shows that it cannot run"),
      user: z
        .string()
        .regex(/^([a-z_][a-z0-9_-]*|\d+)$/i, 'expected "auto", "off", the name of an account or a number')
        .describe(
          'Whom browsers run as when the service is root, see docs/browser.md: `auto`, `off`, the name of an account or a number',
        ),
      otherEngineAfterFailures: count(
        'Launches of the headless shell in a row that never got ready before full Chromium is tried, with `engine` auto; null never',
      ).nullable(),
      maxCacheMb: z
        .number()
        .int()
        .nonnegative()
        .describe('Caches of a profile above this are deleted before a start; looked at once a day (MB)'),
      maxMemoryMb: count(
        'A browser above this is replaced when idle, above 1.5 times this at once; hourly at most; null never (MB)',
      ).nullable(),
      maxHeapMb: count(
        'Most that the JavaScript of a page may take; above it the page crashes and is healed. Above `maxMemoryMb`; null leaves it to Chromium (MB)',
      ).nullable(),
      maxAgeHours: count('A browser older than this is replaced when idle; null never (hours)').nullable(),
      recycleAfterIdleMs: ms('A session is idle after this long without a message or receipt, with none to send'),
      block: z
        .array(z.enum(['fonts', 'pictures', 'telemetry']))
        .describe('What pages do not load, see docs/browser.md'),
      extraArgs: z.array(z.string()).describe('More Chromium flags'),
    })
    .refine(({ maxHeapMb, maxMemoryMb }) => maxHeapMb === null || maxMemoryMb === null || maxHeapMb > maxMemoryMb, {
      path: ['maxHeapMb'],
      error: 'expected more than maxMemoryMb, so that a browser is replaced before its page crashes',
    }),
  backoff: z.strictObject({
    baseDelayMs: ms('Wait before the first retry after a remote fault'),
    factor: z.number().min(1).describe('Growth of the wait per attempt'),
    maxDelayMs: ms('Longest wait'),
    networkDelayMs: ms('Wait between tries while WhatsApp cannot be reached; these cost no attempt'),
    returnSpreadMs: ms('Time over which sessions return when the network is back'),
    jitter: z
      .number()
      .min(0)
      .max(1)
      .describe('Share of the wait that is random, so that sessions do not return in step'),
    maxAttempts: count('Attempts before giving up; null never gives up').nullable(),
  }),
  breaker: z.strictObject({
    failureThreshold: count('Consecutive failed attempts that open the circuit'),
    openMs: ms('How long the circuit stays open before one trial'),
    whenOpen: z.enum(['trial', 'halt']).describe('`halt` waits for a person instead of a trial'),
  }),
  health: z.strictObject({
    probeIntervalMs: ms('Time between probes of one session'),
    retryAfterMissMs: ms('Time until the second look after a probe that failed'),
    probeTimeoutMs: ms('Deadline of one probe round trip'),
    missesForVerdict: count('Failed probes in a row that make a verdict'),
    stableAfterMs: ms('How long a session must stay connected before its counters are reset'),
    monitorIntervalMs: ms('Time between rounds of the persistent monitor'),
  }),
  keepAlive: z.strictObject({
    intervalMs: ms(
      'A session that neither sends nor receives for so long asks WhatsApp something small; null never',
    ).nullable(),
  }),
  staleness: z.strictObject({
    afterMs: ms('Silence after which a session is looked at, when `keepAlive` is off'),
    action: z
      .enum(['probe', 'restart'])
      .describe('`probe` recovers only when WhatsApp does not answer; `restart` on `afterMs` of silence alone'),
  }),
  deadlines: z.strictObject({
    launchMs: ms('From the launch of the browser to the injected page'),
    readyMs: ms('From the injected page to ready, renewed by every progress report'),
    socketGraceMs: ms('How long the page may reconnect its socket by itself'),
    socketReconnectMs: ms('How long a socket reconnect that we asked for may take'),
    reloadMs: ms('From a page reload to ready'),
    closeMs: ms('Clean close of a browser, before SIGTERM'),
    terminateMs: ms('From SIGTERM to SIGKILL of the process group'),
    shutdownMs: ms('Whole graceful shutdown of the service'),
  }),
  conflict: z.strictObject({
    policy: z
      .enum(['takeover', 'yield'])
      .describe('When WhatsApp Web is opened elsewhere with the same login: take it back, or leave it and say so'),
    maxTakeovers: count(
      'Takeovers within `windowMs`; then the session is parked, so that two owners never fight for ever',
    ),
    windowMs: ms('Time in which takeovers are counted'),
  }),
  parking: z.strictObject({
    afterIdleMs: ms('A session that neither sends nor receives for so long sleeps: its browser is closed; 0 never'),
    wakeEveryMs: ms('How often a sleeping session is woken to read what came; null only when it is needed')
      .min(60_000)
      .nullable(),
    sessions: z.array(z.string()).nullable().describe('Ids of the sessions that may sleep; null for all'),
  }),
  qr: z.strictObject({
    debounceMs: ms('At most one new QR code is shown in this time'),
    timeoutMs: ms('An unscanned QR code is shown this long'),
    maxRounds: count('How often the QR code is shown again before the session is parked'),
  }),
  credentials: z.strictObject({
    discardAfter: count('Consecutive auth failures or logouts after which the profile is moved to quarantine'),
    restoreAfterFailures: count('Launches in a row that fail before the last good copy of the login is restored'),
    quarantineDays: count('Days that a quarantined profile is kept'),
  }),
  fleet: z.strictObject({
    maxSessions: count('Most sessions that may exist'),
    maxConcurrentStarts: z
      .union([z.literal('auto'), z.number().int().positive()], 'expected "auto" or a whole number above 0')
      .describe(
        'Browsers that may start at the same time; `auto`: as many as cores, and more while these are not busy',
      ),
    startsPerMinute: count('Browsers that may start in any minute; null for no limit').nullable(),
    minFreeMemoryMb: z
      .number()
      .int()
      .nonnegative()
      .describe('Browsers wait with their start below this free memory, but for the only one (MB)'),
    minFreeDiskMb: z.number().int().nonnegative().describe('No browser is started below this free space (MB)'),
  }),
  web: z.strictObject({
    version: z
      .string()
      .regex(/^\d[\w.-]{0,63}$/, 'expected a version such as "2.3000.1042401057"')
      .nullable()
      .describe(
        'Loads only this version of WhatsApp Web, from `<dataDir>/web-versions`; null loads what WhatsApp serves',
      ),
    keepVersions: count('Pages of WhatsApp Web that worked and are kept'),
    failuresBeforeTrial: count(
      'Failed loads of a version that never worked before one session tries the last that did; one is enough for a number that is alone',
    ),
    retryAfterMs: ms('How long a version that failed is left alone before a session that starts anyway tries again'),
  }),
  incidents: z.strictObject({
    windowMs: ms('Losses for one reason within this time are one outage; as long after its end it may open again'),
    minSessions: count('Sessions that must be lost to make an outage'),
    keepDays: count('Days that closed incidents are kept'),
  }),
  messages: z.strictObject({
    sendTimeoutMs: ms('Deadline of one handover of a message to the page'),
    ackTimeoutMs: ms(
      "How long a handed-over message may wait for WhatsApp's acknowledgement before the chat is read again",
    ),
    maxAttempts: count('Handovers of one message before it is given up'),
    presetIds: z
      .boolean()
      .describe(
        "Choose WhatsApp's id of a message before it is handed over, so that it is found again for certain after a crash; false goes by words and time",
      ),
    pacing: z.strictObject({
      perMinute: count('Most messages of one session in any minute; null sets no limit').nullable(),
      minGapMs: ms('Least time between two messages of one session'),
      jitterMs: ms('Up to so much is added to each gap, by chance'),
    }),
    maxMediaMb: z.number().int().positive().max(1024).describe('Largest file that can be sent (MB)'),
    mediaFetchTimeoutMs: ms('Deadline of one try to fetch a media URL'),
    mediaTimeoutMs: ms('Deadline of one handover of a message with media, which is uploaded first'),
    inboxKeepDays: count('Days that received messages are kept'),
    outboxKeepDays: count('Days that messages of the outbox are kept after their last change'),
    includeOwn: z.boolean().describe('Receive what the owner writes on the phone, too; a bot must not answer it'),
    mediaKeepDays: count('Days that files of received messages are kept, and their links are good'),
    mediaMaxTotalMb: count('Most that files of received messages may take; the oldest make room (MB)'),
  }),
  webhooks: z.strictObject({
    endpoints: z
      .array(webhookSchema)
      .refine((all) => new Set(all.map(({ url }) => url)).size === all.length, 'expected each url once')
      .describe('Receivers that hear of every session, beside the one of each session, see docs/webhooks.md'),
    timeoutMs: ms('How long a receiver may take to answer'),
    retryDelaysMs: z
      .array(z.number().int().nonnegative().max(LONGEST_MS))
      .describe('Waits before each further attempt (milliseconds); after the last one an event is a dead letter'),
    concurrency: count('Most calls to one receiver at the same time'),
    keepDeliveredDays: count('Days that delivered events are kept'),
    keepDeadDays: count('Days that dead letters are kept, and that an event may wait before it becomes one'),
  }),
  http: z.strictObject({
    allowPrivateAddresses: z
      .boolean()
      .describe('Addresses set by an admin may be on this machine or in a private network'),
  }),
  handlers: z.strictObject({
    file: z
      .string()
      .min(1)
      .nullable()
      .describe('A module of yours that exports `onMessage`, `onStatus`, `onSent` or `onClient`, see docs/library.md'),
    timeoutMs: ms('How long one call of a handler is waited for'),
    concurrency: count('Chats of one session that are handled at the same time'),
  }),
  api: z.strictObject({
    publicUrl: plainWebUrl
      .nullable()
      .describe('Address by which others reach the API, for links to files; null takes the one it listens on'),
    requestsPerSecond: count('Requests per second and key before 429'),
    failedSignInsPerMinute: count('Wrong keys per minute and address before 429'),
  }),
  audit: z.strictObject({
    keepDays: count('Days that it is kept who changed what by the API'),
  }),
  realtime: z.strictObject({
    keepEvents: count('Events that are kept for clients that come back; what is older they must read again'),
  }),
  log: z.strictObject({
    level: z.enum(['error', 'warn', 'info', 'debug']).describe('Least severe level that is written'),
    console: z.enum(['pretty', 'json', 'off']).describe('What the console shows; files are always JSON'),
    keepDays: count('Days that log files are kept'),
  }),
});

export type Config = z.infer<typeof configSchema>;

const presetName = z.string().regex(/^[a-z]+$/, 'expected the name of a file in config/, such as "patient"');
function fromEnvironment(env: NodeJS.ProcessEnv): JsonObject {
  const over: JsonObject = {};
  // Number(' ') is 0: what is not all digits goes on as it is, so that the schema says what was expected.
  if (env.WAKEFUL_PORT) over.port = /^\d+$/.test(env.WAKEFUL_PORT) ? Number(env.WAKEFUL_PORT) : env.WAKEFUL_PORT;
  if (env.WAKEFUL_HOST) over.host = env.WAKEFUL_HOST;
  if (env.WAKEFUL_API_KEY) over.apiKey = env.WAKEFUL_API_KEY;
  if (env.WAKEFUL_DATA_DIR) over.dataDir = env.WAKEFUL_DATA_DIR;
  if (env.WAKEFUL_AUTH_DIR) over.authDir = env.WAKEFUL_AUTH_DIR;
  if (env.WAKEFUL_HANDLERS) over.handlers = { file: env.WAKEFUL_HANDLERS };
  const executablePath = env.CHROME_PATH || env.PUPPETEER_EXECUTABLE_PATH;
  if (executablePath) over.browser = { executablePath };
  return over;
}

/**
 * default.json ← preset ← the file named by `WAKEFUL_CONFIG` ← `given` by a program ← environment, validated and frozen.
 * Throws one Error that names every wrong setting, what was expected and where it came from.
 */
export function loadConfig(env: NodeJS.ProcessEnv, cwd: string, given: JsonObject = {}): Config {
  const file = env.WAKEFUL_CONFIG ? readJson(resolve(cwd, env.WAKEFUL_CONFIG)) : {};
  const { preset, ...own } = merge(file, given);
  const chosen = presetName.optional().safeParse(env.WAKEFUL_PRESET || preset);
  if (!chosen.success) throw new Error(`The preset is not valid:\n${z.prettifyError(chosen.error)}`);
  const layers = [readPreset('default'), chosen.data ? readPreset(chosen.data) : {}, own, fromEnvironment(env)];
  const result = configSchema.safeParse(layers.reduce(merge));
  if (!result.success) {
    throw new Error(`The configuration is not valid:\n${z.prettifyError(result.error)}`, { cause: result.error });
  }
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(cwd, path));
  const config = result.data;
  const handlers = { ...config.handlers, file: config.handlers.file && absolute(config.handlers.file) };
  return deepFreeze({ ...config, handlers, dataDir: absolute(config.dataDir), authDir: absolute(config.authDir) });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
