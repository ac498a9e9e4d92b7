// Answers every text with the same text. Stop it with Ctrl-C; what comes meanwhile is answered at the next start.
import QRCode from 'qrcode';
import { createWakeful } from 'wakeful';

const wakeful = await createWakeful();

wakeful.onMessage(async (message, { reply }) => {
  if (message.type === 'chat') await reply(`You wrote: ${message.body}`);
});

let shown = '';
wakeful.onStatus(async (session) => {
  console.log(`${session.id}: ${session.message}`);
  if (session.status !== 'qr_pending') return;
  const { qr } = wakeful.sessions.qr(session.id);
  if (qr !== shown) console.log(await QRCode.toString(qr, { type: 'terminal', small: true }));
  shown = qr;
});

await wakeful.start();
if (wakeful.sessions.list().length === 0) await wakeful.sessions.create({ id: 'echo' }, true);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => wakeful.stop().then(() => process.exit(0)));
}
