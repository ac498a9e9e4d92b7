import { z } from 'zod';

const forMs = z.number().int().min(1).optional();

/** States from which WhatsApp Web does not come back by itself. */
export const terminalState = z.enum(['TOS_BLOCK', 'SMB_TOS_BLOCK', 'DEPRECATED_VERSION', 'PROXYBLOCK']);

/** Everything that can be made to go wrong. Lasting faults end with `forMs` or when they are cleared. */
export const fault = z.discriminatedUnion('kind', [
  /** Closes the socket once; with forMs, refuses it for that long too. */
  z.object({ kind: z.literal('drop'), forMs }),
  /** Sockets are cut, page loads are reset. */
  z.object({ kind: z.literal('network-down'), forMs }),
  /** Everything stays open, nothing passes; page loads hang. */
  z.object({ kind: z.literal('black-hole'), forMs }),
  z.object({ kind: z.literal('slow'), latencyMs: z.number().int().min(1), forMs }),
  /** Next loads: the state stays OPENING. */
  z.object({ kind: z.literal('stalled-socket'), forMs }),
  /** Next loads: CONNECTED, but hasSynced never comes. */
  z.object({ kind: z.literal('stalled-ready'), forMs }),
  /** An endless loop in the page, or one of forMs. */
  z.object({ kind: z.literal('hang-page'), forMs }),
  /** The renderer process dies. */
  z.object({ kind: z.literal('crash-page') }),
  /** Another page took the session over. */
  z.object({ kind: z.literal('conflict') }),
  z.object({ kind: z.literal('terminal'), state: terminalState, forMs }),
  /** Sends are refused. */
  z.object({ kind: z.literal('rate-limit'), forMs }),
  z.object({ kind: z.literal('self-reload') }),
  z.object({ kind: z.literal('push-state'), times: z.number().int().min(1).default(1) }),
  /** The phone removes the linked device. */
  z.object({ kind: z.literal('logout') }),
]);
export type ParsedFault = z.output<typeof fault>;
/** A fault as a caller writes it. */
export type Fault = z.input<typeof fault>;
export type FaultKind = ParsedFault['kind'];
