/** What a person must do so that a session can go on; `none` while the software is still at it. */
export const USER_ACTIONS = [
  'none',
  'scan_qr',
  'force_reconnect',
  'open_phone',
  'free_disk',
  'install_browser',
  'close_other_owner',
  'contact_whatsapp',
  'wait_for_update',
] as const;
export type UserAction = (typeof USER_ACTIONS)[number];

/** Where a fault lies. Local faults are retried at once (nobody outside asked for gentleness), remote ones by backoff. */
export type CauseKind = 'local' | 'remote' | 'network' | 'final' | 'none';

interface ReasonEntry {
  kind: CauseKind;
  /** One sentence for a person, without the session's name. */
  sentence: string;
  /** What a person must do once Wakeful has given up, or at once when the cause is final. */
  userAction: UserAction;
}

/** Every reason a session can show, the stable code with its words: the one catalogue behind API, logs and docs. */
export const REASONS = {
  never_started: { kind: 'none', sentence: 'Known, but never started.', userAction: 'none' },
  starting: { kind: 'none', sentence: 'The browser is starting and WhatsApp Web is loading.', userAction: 'none' },
  waiting_for_scan: { kind: 'none', sentence: 'Waiting for the QR code to be scanned.', userAction: 'scan_qr' },
  ready: { kind: 'none', sentence: 'Connected.', userAction: 'none' },
  forced: { kind: 'none', sentence: 'A fresh start was asked for.', userAction: 'none' },
  recycled: {
    kind: 'none',
    sentence: 'The browser is being replaced by a new one, as planned.',
    userAction: 'none',
  },
  asleep: {
    kind: 'none',
    sentence: 'Asleep: its browser is closed until there is something to send.',
    userAction: 'none',
  },
  browser_crashed: { kind: 'local', sentence: 'The browser ended unexpectedly.', userAction: 'force_reconnect' },
  page_crashed: { kind: 'local', sentence: 'The WhatsApp page crashed.', userAction: 'force_reconnect' },
  page_reloaded: { kind: 'local', sentence: 'WhatsApp Web loaded its page again.', userAction: 'force_reconnect' },
  page_hung: { kind: 'local', sentence: 'The WhatsApp page stopped answering.', userAction: 'force_reconnect' },
  browser_hung: { kind: 'local', sentence: 'The browser stopped answering.', userAction: 'force_reconnect' },
  launch_failed: { kind: 'remote', sentence: 'The browser could not be started.', userAction: 'force_reconnect' },
  browser_missing: {
    kind: 'final',
    sentence: 'No Chromium or Chrome was found on this machine.',
    userAction: 'install_browser',
  },
  socket_lost: { kind: 'remote', sentence: 'The connection to WhatsApp was lost.', userAction: 'open_phone' },
  stale: { kind: 'local', sentence: 'Nothing was sent or received for long.', userAction: 'force_reconnect' },
  network_down: { kind: 'network', sentence: 'This server cannot reach WhatsApp.', userAction: 'none' },
  init_timeout: { kind: 'remote', sentence: 'WhatsApp Web did not load in time.', userAction: 'force_reconnect' },
  ready_timeout: {
    kind: 'remote',
    sentence: 'WhatsApp Web loaded but did not become ready in time.',
    userAction: 'force_reconnect',
  },
  conflict: {
    kind: 'remote',
    sentence: 'WhatsApp Web was opened somewhere else with this login.',
    userAction: 'close_other_owner',
  },
  auth_failed: { kind: 'remote', sentence: 'WhatsApp did not accept the stored login.', userAction: 'scan_qr' },
  logged_out: {
    kind: 'final',
    sentence: 'The device was unlinked. A person must scan a new QR code.',
    userAction: 'scan_qr',
  },
  not_linked: {
    kind: 'final',
    sentence: 'This number is not linked yet. Connect it and scan the QR code.',
    userAction: 'scan_qr',
  },
  qr_timeout: { kind: 'final', sentence: 'The QR code was not scanned in time.', userAction: 'scan_qr' },
  banned: { kind: 'final', sentence: 'WhatsApp has blocked this number.', userAction: 'contact_whatsapp' },
  outdated: {
    kind: 'final',
    sentence: 'WhatsApp says that this version of WhatsApp Web is too old.',
    userAction: 'wait_for_update',
  },
  proxy_blocked: {
    kind: 'final',
    sentence: 'WhatsApp refuses connections from this network or proxy.',
    userAction: 'contact_whatsapp',
  },
  profile_in_use: {
    kind: 'final',
    sentence: 'Another program or another host holds the profile of this session.',
    userAction: 'close_other_owner',
  },
  profile_corrupt: { kind: 'remote', sentence: 'The browser profile is damaged.', userAction: 'scan_qr' },
  disk_full: { kind: 'final', sentence: 'There is not enough free disk space to run safely.', userAction: 'free_disk' },
  stopped_by_operator: { kind: 'final', sentence: 'Stopped by the operator.', userAction: 'none' },
} as const satisfies Record<string, ReasonEntry>;

export type Reason = keyof typeof REASONS;

/** The catalogue entry of a reason, with the literal types widened. */
export function reasonEntry(reason: Reason): ReasonEntry {
  return REASONS[reason];
}
