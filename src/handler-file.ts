import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { ClientHandler, Handlers, MessageHandler, SentHandler, StatusHandler } from './fleet/handlers.js';

const handler = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'expected a function');
const exportsSchema = z
  .object({ onMessage: handler, onStatus: handler, onSent: handler, onClient: handler })
  .partial()
  .refine((found) => Object.keys(found).length > 0, 'expected it to export onMessage, onStatus, onSent or onClient');

/** Adds what a file of the user's exports as handlers of every session. Rejects with one sentence that names the file. */
export async function loadHandlers(file: string, handlers: Handlers): Promise<void> {
  let found: unknown;
  try {
    found = { ...(await import(pathToFileURL(file).href)) };
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The handlers in ${file} could not be loaded: ${words}`, { cause });
  }
  const checked = exportsSchema.safeParse(found);
  if (!checked.success) {
    throw new Error(`The handlers in ${file} are not valid:\n${z.prettifyError(checked.error)}`);
  }
  const { onMessage, onStatus, onSent, onClient } = checked.data;
  if (onMessage) handlers.add('message', onMessage as MessageHandler);
  if (onStatus) handlers.add('status', onStatus as StatusHandler);
  if (onSent) handlers.add('sent', onSent as SentHandler);
  if (onClient) handlers.add('client', onClient as ClientHandler);
}
