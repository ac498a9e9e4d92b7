import type { Response } from 'express';

/** Aborts when the caller hangs up. */
export function hangUpSignal(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => controller.abort());
  return controller.signal;
}
