// Sends one text so that it goes out exactly once, whatever happens on the way: the same Idempotency-Key never makes a
// second message, so that a request whose answer got lost can simply be made again.
//
//   WAKEFUL_API_KEY=… node examples/send-once/send.js shop 491511234567 "Your order has left" order-4711
import { setTimeout as pause } from 'node:timers/promises';

const [session, to, text, idempotencyKey] = process.argv.slice(2);
if (!session || !to || !text || !idempotencyKey) {
  console.error('usage: node send.js SESSION NUMBER TEXT KEY (the key names this message, such as order-4711)');
  process.exit(2);
}

const url = `${process.env.WAKEFUL_URL ?? 'http://127.0.0.1:3000'}/api/sessions/${session}/messages`;
const request = {
  method: 'POST',
  headers: {
    authorization: `Bearer ${process.env.WAKEFUL_API_KEY}`,
    'content-type': 'application/json',
    'idempotency-key': idempotencyKey,
    // Answers when WhatsApp has the message, or after 20 s with how it stands.
    prefer: 'wait=20',
  },
  body: JSON.stringify({ to, text }),
};

/** True when making the same request again can help: nobody answered, or the answer says so. */
const isWorthAnotherTry = (answer) => answer === null || answer.status === 429 || answer.status >= 500;

const GIVE_UP_AFTER = 10;
for (let attempt = 1; attempt <= GIVE_UP_AFTER; attempt += 1) {
  const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(30_000) }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!isWorthAnotherTry(answer)) {
    console.log(answer.ok ? `${body.id}: ${body.status}` : `${body.code}: ${body.detail}`);
    process.exit(answer.ok ? 0 : 1);
  }
  await pause(Math.min(30_000, 250 * 2 ** attempt));
}
console.log('nobody answered; the same command may be given again at any time');
process.exit(1);
