import { type Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { KEY_ROLES } from '../../domain/access-ports.js';
import { pageOf, read } from '../answers.js';
import { type Frame, parsePathPart } from '../connection.js';
import { shortTime } from '../words.js';

const keyAnswer = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  sessionIds: z.array(z.string()).nullable(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});
const newKeyAnswer = z.object({ id: z.string(), secret: z.string() });

interface NewKey {
  role: string;
  sessions?: string;
  expires?: string;
}

/** `keys`: API keys, for which one needs an admin key. */
export function addKeyCommands(program: Command, { connect }: Frame): void {
  const keys = program.command('keys').description('API keys; needs the key of an admin');

  keys
    .command('list', { isDefault: true })
    .description('keys without their secrets, oldest first')
    .action(async () => {
      const { client, print } = connect();
      const answer = await client.json('GET', '/api/keys');
      const { items } = read(pageOf(keyAnswer), answer);
      const rows = items.map(({ id, name, role, sessionIds, expiresAt, lastUsedAt }) => ({
        cells: [id, name, role, sessionIds?.join(' ') ?? 'all', shortTime(expiresAt), shortTime(lastUsedAt)],
      }));
      print.answer(answer, () => {
        print.table(['ID', 'NAME', 'ROLE', 'SESSIONS', 'EXPIRES', 'LAST USED'], rows, 'There is no key.');
      });
    });

  keys
    .command('create')
    .description('make a key; its secret is shown this once')
    .argument('<name>', 'who or what uses it')
    .addOption(new Option('--role <role>', 'what it may do').choices(KEY_ROLES).makeOptionMandatory())
    .option('--sessions <ids>', 'the only sessions that it sees, with commas between; all when left out')
    .option('--expires <time>', 'not taken from then on: 2027-01-31, or with a time of day', parseTime)
    .action(async (name: string, { role, sessions, expires }: NewKey) => {
      const { client, print } = connect();
      const body = {
        name,
        role,
        ...(sessions === undefined ? {} : { sessionIds: sessions.split(',').map((id) => id.trim()) }),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      };
      const answer = await client.json('POST', '/api/keys', { body });
      const { id, secret } = read(newKeyAnswer, answer);
      print.answer(answer, () => {
        print.line(secret);
        print.hint(`This is the only time that it is shown. Revoke it with: npx wakeful keys revoke ${id}`);
      });
    });

  keys
    .command('revoke')
    .description('revoke a key at once')
    .argument('<key>', 'its id, not its secret', parsePathPart)
    .action(async (id: string) => {
      const { client, print } = connect();
      const answer = await client.json('DELETE', `/api/keys/${id}`);
      print.answer(answer, () => print.line('The key is revoked.'));
    });
}

function parseTime(text: string): string {
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('Expected a time such as 2027-01-31 or 2027-01-31T18:00:00Z.');
  return new Date(at).toISOString();
}
