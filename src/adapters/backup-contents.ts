import { z } from 'zod';

/** What a backup says of itself, in `backup.json`. */
export const backupSchema = z.object({
  format: z.literal(1),
  /** The Wakeful that made it. */
  version: z.string(),
  madeAt: z.string(),
  /** True when a service ran meanwhile: its logins are as of the last time that each browser was closed. */
  isLive: z.boolean(),
  sessions: z.array(z.string()),
  /** The sessions whose login is in it. */
  logins: z.array(z.string()),
});
export type Backup = z.infer<typeof backupSchema>;

export const MANIFEST = 'backup.json';
export const DATABASE = 'wakeful.db';
export const LOGINS = 'logins';
/** Of the data folder, as it is; the rest is made anew (logs, locks) or not worth keeping (quarantine). */
export const COPIED_AS_IT_IS = ['media', 'web-versions', 'media-links.secret'] as const;
