#!/usr/bin/env node
// A receiver of Wakeful's webhooks that needs nothing but Node: checks the signature, takes each delivery once, prints it.
//   WEBHOOK_HMAC_KEY=... node examples/webhook-receiver/receiver.mjs [port]
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const port = Number(process.argv[2] ?? 4000);
const hmacKey = process.env.WEBHOOK_HMAC_KEY;
const MAX_BODY_BYTES = 5_000_000;

/** Ids of deliveries that were taken; a real receiver keeps them where it keeps its data. */
const taken = new Set();

function isSigned(body, signature) {
  if (!hmacKey) return true;
  const expected = createHmac('sha512', hmacKey).update(body).digest();
  const given = Buffer.from(String(signature ?? ''), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function handle({ event, sessionId, phoneNumber, payload }) {
  const what = {
    message: () => `${payload.from}: ${payload.body}`,
    'message.sent': () => `to ${payload.to}: ${payload.body}`,
    'message.ack': () => `${payload.id} has ack ${payload.ack}`,
    'message.failed': () => `${payload.id} failed: ${payload.code}`,
    'session.status': () => `${payload.status} (${payload.reason}): ${payload.message}`,
  }[event]?.();
  console.log(`${event} [${sessionId} ${phoneNumber ?? '-'}] ${what ?? JSON.stringify(payload)}`);
}

const server = createServer(async (request, response) => {
  const answer = (status) => response.writeHead(status).end();
  try {
    if (request.method !== 'POST') return answer(405);
    // The bytes as they came: parsing and writing them again would change them, and so the signature.
    const body = await bodyOf(request);
    if (!isSigned(body, request.headers['x-webhook-hmac'])) return answer(401);
    const id = request.headers['x-webhook-request-id'];
    // The answer to an earlier attempt got lost: it is done already.
    if (taken.has(id)) return answer(200);
    handle(JSON.parse(body.toString('utf8')));
    taken.add(id);
    // Answer soon: until then everything later of this session waits.
    answer(200);
  } catch (error) {
    console.error(String(error));
    answer(500);
  }
});

server.listen(port, '127.0.0.1', () => {
  console.log(`Waiting for webhooks at http://127.0.0.1:${server.address().port}/`);
});
