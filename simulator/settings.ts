import { z } from 'zod';

/** A build from before July 2026: its MsgKey has `_serialized`. */
export const BUILD_BEFORE = '2.3000.1035000000';
/** A build from after the change: MsgKey keeps its text in a minified property and in toString(). */
export const BUILD_AFTER = '2.3000.1042401057';

const delayMs = z.number().int().min(0);

export const simulatorSettings = z.object({
  /** The build that the next page load gets. */
  build: z.string().regex(/^\d+\.\d+\.\d+$/, 'a build looks like 2.3000.1042401057'),
  /** Builds that load but never offer their modules, so that a roll-back to an older build can be tried. */
  brokenBuilds: z.array(z.string()),
  /** A page in the headless shell, which has no `window.chrome`, loads and offers nothing. */
  refusesHeadlessShell: z.boolean(),
  /** Builds that WhatsApp calls too old: DEPRECATED_VERSION when they connect. */
  deprecatedBuilds: z.array(z.string()),
  /** How long one QR reference is valid. */
  qrRotateMs: delayMs.min(50),
  /** How many references the page shows before it goes to UNPAIRED_IDLE. */
  qrRefs: z.number().int().min(1),
  /** Counted from the moment the server has the message; null means that this ack never comes. */
  ackDelaysMs: z.object({ server: delayMs.nullable(), delivered: delayMs.nullable(), read: delayMs.nullable() }),
  /** From the page's load event to `window.Debug` and `window.require`. */
  loadDelayMs: delayMs,
  /** Work that the page does before that, about so long on a core that has nothing else to do. */
  bootCpuMs: delayMs,
  /** From CONNECTED to hasSynced. Under about 160 ms unpatched whatsapp-web.js misses it. */
  syncDelayMs: delayMs,
  /** Latency that everything gets, without any fault. */
  slowMs: delayMs,
  /** The page's own reconnect backoff starts here and doubles up to eight times it. */
  reconnectDelayMs: delayMs.min(50),
  /** The page pings this often and gives its socket up when the answer takes as long again. */
  keepAliveMs: delayMs.min(200),
  heapBallastMb: z.number().min(0),
  indexedDbBallastMb: z.number().min(0),
  /** Sends per minute and account that the server takes before it refuses; null is no limit. */
  rateLimit: z.number().int().min(0).nullable(),
  /** Whether a message that was still unsent when the page went away is sent by the next page. */
  resendAfterReload: z.boolean(),
  /** How many messages of each chat the first sync brings. */
  historyPerChat: z.number().int().min(1),
  /** Numbers that are not on WhatsApp. All others are. */
  unregisteredNumbers: z.array(z.string()),
  /** WhatsApp tells nobody which number is behind a lid. */
  hidesLids: z.boolean(),
  /** A download of media is answered with this status instead; null gives the bytes. */
  mediaStatus: z.number().int().min(400).max(599).nullable(),
});
export type SimulatorSettings = z.infer<typeof simulatorSettings>;

export const settingsPatch = simulatorSettings.partial().strict();

export const DEFAULT_SETTINGS: SimulatorSettings = {
  build: BUILD_AFTER,
  brokenBuilds: [],
  refusesHeadlessShell: false,
  deprecatedBuilds: [],
  qrRotateMs: 20_000,
  qrRefs: 6,
  ackDelaysMs: { server: 50, delivered: 250, read: 600 },
  loadDelayMs: 0,
  bootCpuMs: 0,
  syncDelayMs: 1_000,
  slowMs: 0,
  reconnectDelayMs: 1_000,
  keepAliveMs: 10_000,
  heapBallastMb: 0,
  indexedDbBallastMb: 0,
  rateLimit: null,
  resendAfterReload: true,
  historyPerChat: 50,
  unregisteredNumbers: [],
  hidesLids: false,
  mediaStatus: null,
};
