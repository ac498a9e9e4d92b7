import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { chatAnswer, contactAnswer, pageOf, read } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseCount, parsePathPart, parseSessionId } from '../connection.js';
import { shortTimeOfMs } from '../words.js';

/** `chats`, `contact`, `screenshot`: what the session's WhatsApp Web shows. */
export function addPageCommands(program: Command, { connect, world }: Frame): void {
  program
    .command('chats')
    .description('chats of a session, newest first')
    .argument('<id>', 'the session', parseSessionId)
    .option('--limit <n>', 'how many; all when left out', parseCount(500))
    .action(async (id: string, { limit }: { limit?: number }) => {
      const { client, print } = connect();
      const answer = await client.json('GET', `/api/sessions/${id}/chats`, { query: { limit } });
      const { items } = read(pageOf(chatAnswer), answer);
      print.answer(answer, () => {
        print.table(
          ['CHAT', 'NAME', 'UNREAD', 'LAST MESSAGE'],
          items.map((chat) => ({ cells: [chat.id, chat.name, chat.unreadCount, shortTimeOfMs(chat.timestamp)] })),
          'There is no chat.',
        );
      });
    });

  program
    .command('contact')
    .description('what WhatsApp knows of a phone number')
    .argument('<id>', 'the session that asks', parseSessionId)
    .argument('<number>', 'the phone number with its country code', parsePathPart)
    .action(async (id: string, number: string) => {
      const { client, print } = connect();
      const answer = await client.json('GET', `/api/sessions/${id}/contacts/${number}`);
      const contact = read(contactAnswer, answer);
      print.answer(answer, () =>
        print.facts({
          number: contact.phoneNumber,
          'on WhatsApp': contact.registered ? 'yes' : 'no',
          'chat id': contact.id,
          name: contact.name,
        }),
      );
    });

  program
    .command('screenshot')
    .description('write a picture of the page into a file; it may show chats')
    .argument('<id>', 'the session', parseSessionId)
    .argument('<file>', 'where the PNG is written')
    .action(async (id: string, file: string) => {
      const { client, print } = connect();
      const bytes = await client.bytes(`/api/sessions/${id}/screenshot`, 'image/png');
      try {
        writeFileSync(resolve(world.cwd, file), bytes, { mode: 0o600 });
      } catch (cause) {
        throw new CliFailure(EXIT.usage, `The file ${file} could not be written: ${String(cause)}`, { cause });
      }
      print.answer({ file, bytes: bytes.length }, () => print.line(`The picture is in ${file}.`));
    });
}
