import type { UserAction } from '../../../domain/reason.js';
import type { Status } from '../../../domain/session-state.js';

/** Names a colour and a shape of icon; `asks` is what waits for a person. */
export type Tone = 'good' | 'busy' | 'asks' | 'paused' | 'off' | 'bad';

/** How a status is told, in a word and a tone; the order is that of the counts on top. */
export const STATUS_LOOK: Readonly<Record<Status, { word: string; tone: Tone }>> = {
  connected: { word: 'Connected', tone: 'good' },
  reconnecting: { word: 'Reconnecting', tone: 'busy' },
  connecting: { word: 'Connecting', tone: 'busy' },
  qr_pending: { word: 'Waiting for scan', tone: 'asks' },
  suspended: { word: 'Suspended', tone: 'paused' },
  error: { word: 'Gave up', tone: 'bad' },
  disconnected: { word: 'Disconnected', tone: 'off' },
  idle: { word: 'Not running', tone: 'off' },
};

/** What somebody must do, as a request to him; null when there is nothing to do. */
export const ACTION_WORDS: Readonly<Record<UserAction, string | null>> = {
  none: null,
  scan_qr: 'Scan the QR code with the phone',
  force_reconnect: 'Force a reconnect; if it comes back, look for the cause in the log',
  open_phone: 'See that the phone is on and online, then force a reconnect',
  free_disk: 'Free disk space on the server',
  install_browser: 'Install Chromium on the server: npx wakeful browser',
  close_other_owner: 'End the other program that uses this login',
  contact_whatsapp: 'Open WhatsApp on the phone and follow what it says',
  wait_for_update: 'Wait; update Wakeful when there is a newer version',
};
