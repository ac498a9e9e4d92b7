import type { Engine } from './engine-record.js';
import type { ProbeVerdict } from './health.js';
import type { Reason } from './reason.js';

/** `Socket.state` of WhatsApp Web, as the page names it. */
export const SOCKET_STATES = [
  'CONFLICT',
  'CONNECTED',
  'DEPRECATED_VERSION',
  'OPENING',
  'PAIRING',
  'PROXYBLOCK',
  'SMB_TOS_BLOCK',
  'TIMEOUT',
  'TOS_BLOCK',
  'UNLAUNCHED',
  'UNPAIRED',
  'UNPAIRED_IDLE',
] as const;
export type SocketState = (typeof SOCKET_STATES)[number];

/** What a client (one browser, one launch) reports. The actor adds the epoch, so that a dead launch cannot speak. */
export type ClientEvent =
  /** `hasOther`: another build could have been taken instead. */
  | { type: 'launched'; pid: number; engine: Engine; hasOther: boolean }
  | { type: 'qr'; text: string }
  | { type: 'authenticated' }
  | { type: 'progress'; percent: number }
  | { type: 'ready'; phoneNumber: string | null; webVersion: string | null }
  /** A page that was ready before has synced again after a reconnect, without a new document. */
  | { type: 'synced' }
  | { type: 'socket-state'; socketState: SocketState }
  /** The page was loaded anew, by itself or by us; it is of use again only after the next `ready`. */
  | { type: 'navigated' }
  | { type: 'page-crashed' }
  | { type: 'browser-exited' }
  | { type: 'logged-out' }
  | { type: 'auth-failed' }
  | { type: 'failed'; reason: Reason; detail: string };

/** What an operator, or the fleet for him, asks of a session. */
export type SessionCommand =
  | { type: 'start' }
  | { type: 'restore'; hasProfile: boolean; lastSeenAt?: number | null }
  | { type: 'stop'; force: boolean }
  | { type: 'force-reconnect' }
  | { type: 'logout' };

/** The fleet wants another browser for a session that works, as its present one is too large or too old. */
export interface RecycleEvent {
  type: 'recycle';
  epoch: number;
  why: 'memory' | 'age';
  memoryMb: number;
  ageHours: number;
}

/** Everything that can move a session. `wake` says only that time has passed: the state itself knows what is due. */
export type SessionEvent =
  | SessionCommand
  | (ClientEvent & { epoch: number })
  /** The launch got its turn and begins now; `hasSnapshot` says whether there is a login to fall back on. */
  | { type: 'admitted'; epoch: number; hasSnapshot?: boolean }
  | { type: 'snapshot-restored' }
  /** The page is loaded and injected; what is missing is `ready` or a QR code. */
  | { type: 'injected'; epoch: number }
  | { type: 'probed'; epoch: number; verdict: ProbeVerdict }
  /** WhatsApp's server did not answer, for the n-th time since it last did, though the page believes in its socket. */
  | { type: 'silent'; epoch: number; silences: number }
  /** Nothing was sent or received for so long that, by the settings, a new start is wanted. */
  | { type: 'stale'; epoch: number }
  /** Somebody was given a pairing code and needs the time to type it. */
  | { type: 'code-given'; epoch: number }
  | { type: 'network-checked'; epoch: number; reachable: boolean }
  /** The fleet loads another page of WhatsApp Web from now on. */
  | { type: 'page-changed' }
  | RecycleEvent
  /** Nothing is to be done for so long that its browser is not worth its memory. */
  | { type: 'sleep'; epoch: number }
  /** A session on the same way out reached WhatsApp again. */
  | { type: 'gate-opened' }
  /** This process could not act for `stallMs`, or the wall clock was set by `jumpMs`. */
  | { type: 'time-lost'; stallMs: number; jumpMs: number }
  /** A message waits to be sent. */
  | { type: 'wanted' }
  | { type: 'wake' }
  | { type: 'monitor' };
