import { createServer } from 'node:net';
import { z } from 'zod';
import type { PortReading } from '../domain/diagnosis.js';
import { errorCode } from './chromium/process-tree.js';

const ANSWER_LIMIT_MS = 2_000;
const healthSchema = z.object({ status: z.literal('ok'), version: z.string() });

/** Finds out whether the service could listen there, and who does otherwise. Never rejects. */
export async function readPort(host: string, port: number): Promise<PortReading> {
  const trouble = await new Promise<string | null>((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(errorCode(error) ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
  if (trouble === null) return { kind: 'free' };
  if (trouble !== 'EADDRINUSE') return { kind: 'refused', code: trouble };
  // What listens on every address answers on loopback, too.
  const place = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const url = `http://${place.includes(':') ? `[${place}]` : place}:${port}/health`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), redirect: 'manual' });
    const health = healthSchema.safeParse(await response.json());
    return health.success ? { kind: 'wakeful', version: health.data.version } : { kind: 'other' };
  } catch {
    return { kind: 'other' };
  }
}
