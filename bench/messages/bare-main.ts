// The plain script that everything is compared with: unmodified whatsapp-web.js in a process of its own.
import wwebjs, { type Client } from 'whatsapp-web.js';
import type { BareLaunch, BareNews, BareOrder } from './bare-protocol.js';
import { type Job, preciseNow, type Sent, sendInLanes } from './lanes.js';

const ACKNOWLEDGED = 1;

/** Who waits for the acknowledgement of which words. */
const waiting = new Map<string, (at: number) => void>();
let client: Client | null = null;

const tell = (news: BareNews): void => void process.send?.(news);

async function start({ executablePath, args }: BareLaunch): Promise<void> {
  client = new wwebjs.Client({
    authStrategy: new wwebjs.NoAuth(),
    webVersionCache: { type: 'none' },
    puppeteer: { executablePath, args: [...args], ignoreDefaultArgs: true, pipe: true },
  });
  client.on('qr', (qr) => tell({ tells: 'qr', qr }));
  client.on('ready', () => tell({ tells: 'ready' }));
  client.on('message_ack', (message, ack) => {
    if (ack < ACKNOWLEDGED) return;
    waiting.get(message.body)?.(preciseNow());
    waiting.delete(message.body);
  });
  await client.initialize();
}

async function send({ to, text }: Job): Promise<Sent> {
  if (client === null) throw new Error('there is no client yet');
  const acknowledged = new Promise<number>((resolve) => waiting.set(text, resolve));
  const startedAt = preciseNow();
  // The options that the service sends with: a preview or a read receipt would take time of their own.
  await client.sendMessage(to, text, { linkPreview: false, sendSeen: false });
  const returnedAt = preciseNow();
  return { text, startedAt, returnedAt, acknowledgedAt: await acknowledged };
}

async function obey(order: BareOrder): Promise<void> {
  switch (order.do) {
    case 'start':
      return start(order.launch);
    case 'send':
      return tell({ tells: 'sent', sent: await sendInLanes(order.block, send) });
    case 'stop':
      await client?.destroy();
      process.exit(0);
      break;
    default:
      order satisfies never;
  }
}

process.on('message', (order: BareOrder) => {
  obey(order).catch((error: unknown) => tell({ tells: 'failed', words: String(error) }));
});
// Without the runner there is nobody to send for; over the pipe the browser ends with us.
process.on('disconnect', () => process.exit(1));
