import { z } from 'zod';

const ANSWER_LIMIT_MS = 5_000;
const failureSchema = z.object({ cause: z.object({ code: z.string() }) });

/** Why WhatsApp's web server does not answer this machine; null when it does, whatever it says. */
export async function troubleReaching(url = 'https://web.whatsapp.com/'): Promise<string | null> {
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return null;
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate ? 'no answer within 5 s' : (failureSchema.safeParse(error).data?.cause.code ?? String(error));
  }
}
