import type { Command } from 'commander';
import { z } from 'zod';
import { deliveryAnswer, incidentAnswer, pageOf, read, statsAnswer, webhookAnswer } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseCount, parsePathPart, parseSessionId } from '../connection.js';
import { addListOptions, type ListOptions, listOf } from '../listing.js';
import { duration, shortTime } from '../words.js';

const LARGEST_PAGE = 500;
const testAnswer = z.object({
  delivered: z.boolean(),
  status: z.number().nullable(),
  latencyMs: z.number(),
  error: z.string().nullable(),
});

/** `incidents`, `webhooks`, `deliveries` and `stats`: what concerns all sessions. */
export function addFleetCommands(program: Command, frame: Frame): void {
  const { connect } = frame;
  program
    .command('incidents')
    .description('what many sessions suffered from at the same time, newest first')
    .option('--open', 'only those that go on')
    .option('--limit <n>', 'how many', parseCount(LARGEST_PAGE))
    .action(async ({ open, limit }: { open?: boolean; limit?: number }) => {
      const { client, print } = connect();
      const answer = await client.json('GET', '/api/incidents', { query: { limit, open: open ? 'true' : undefined } });
      const { items } = read(pageOf(incidentAnswer), answer);
      print.answer(answer, () => {
        print.table(
          ['OPENED', 'CLOSED', 'KIND', 'SESSIONS', 'WHAT HAPPENED'],
          items.map(({ openedAt, closedAt, kind, sessionIds, message }) => ({
            cells: [shortTime(openedAt), shortTime(closedAt), kind, sessionIds.length, message],
            ...(closedAt === null ? { mood: 'bad' } : {}),
          })),
          'There is no incident.',
        );
      });
    });

  program
    .command('stats')
    .description('figures of the whole fleet')
    .action(async () => {
      const { client, print } = connect();
      const answer = await client.json('GET', '/api/stats');
      const { sessions, byStatus, uptimeSeconds, restoring, timeToRecoverMs, failures } = read(statsAnswer, answer);
      const present = Object.entries(byStatus).filter(([, count]) => count > 0);
      const seconds = (ms: number | null) => (ms === null ? null : `${Math.round(ms / 100) / 10} s`);
      print.answer(answer, () =>
        print.facts({
          sessions,
          ...Object.fromEntries(present.map(([status, count]) => [`  ${status}`, count])),
          up: duration(uptimeSeconds),
          ...(restoring ? { restoring: restoring.message } : {}),
          'failures in 24 h': failures.last24Hours,
          recoveries: timeToRecoverMs.count,
          'half recovered within': seconds(timeToRecoverMs.p50),
          '95 % recovered within': seconds(timeToRecoverMs.p95),
        }),
      );
    });

  addWebhookCommands(program, frame);
  addDeliveryCommands(program, frame);
}

function addWebhookCommands(program: Command, { connect }: Frame): void {
  const webhooks = program.command('webhooks').description('who is told of what happens');

  webhooks
    .command('list', { isDefault: true })
    .description('webhooks of the configuration, then those of sessions')
    .action(async () => {
      const { client, print } = connect();
      const answer = await client.json('GET', '/api/webhooks');
      const { items } = read(pageOf(webhookAnswer), answer);
      print.answer(answer, () =>
        print.table(
          ['WEBHOOK', 'RECEIVER', 'EVENTS', 'PAUSED SINCE'],
          items.map(({ endpoint, receiver, events, pausedSince }) => ({
            cells: [endpoint, receiver, events?.join(', ') ?? 'all', shortTime(pausedSince)],
            ...(pausedSince === null ? {} : { mood: 'bad' }),
          })),
          'No webhook is set.',
        ),
      );
    });

  const holdUp = (what: 'pause' | 'resume', description: string, words: string) =>
    webhooks
      .command(what)
      .description(description)
      .argument('<webhook>', 'as `webhooks` lists it, such as session:shop', parsePathPart)
      .action(async (endpoint: string) => {
        const { client, print } = connect();
        const answer = await client.json('POST', `/api/webhooks/${endpoint}/${what}`, { body: {} });
        const { receiver } = read(webhookAnswer, answer);
        print.answer(answer, () => print.line(`${receiver} ${words}`));
      });
  holdUp('pause', 'tell a webhook nothing for the time being', 'is told nothing until you resume it; nothing is lost.');
  holdUp('resume', 'tell a webhook again', 'is told again, and gets what waited.');
}

function addDeliveryCommands(program: Command, { connect }: Frame): void {
  const deliveries = program.command('deliveries').description('what webhooks were told, or could not be');

  addListOptions(deliveries.command('list', { isDefault: true }).description('deliveries, oldest first'))
    .option('--status <status>', '`dead` lists those that were given up')
    .option('--session <id>', 'only of this session', parseSessionId)
    .action(async ({ session: sessionId, ...options }: ListOptions & { status?: string; session?: string }) => {
      const connection = connect();
      const { print } = connection;
      const query = { ...options, ...(sessionId === undefined ? {} : { sessionId }) };
      const { answer, items, next } = await listOf(connection, '/api/webhooks/deliveries', deliveryAnswer, query);
      print.answer(answer, () => {
        print.table(
          ['ID', 'TIME', 'EVENT', 'SESSION', 'RECEIVER', 'STATUS', 'ATTEMPTS', 'LAST ERROR'],
          items.map((one) => ({
            cells: [
              one.id,
              shortTime(one.createdAt),
              one.event,
              one.sessionId,
              one.receiver,
              one.status,
              one.attempts,
              one.lastError,
            ],
            ...(one.status === 'dead' ? { mood: 'bad' } : {}),
          })),
          'There is no delivery.',
        );
        if (next !== null) print.hint(`More: --after ${next}`);
      });
    });

  deliveries
    .command('redeliver')
    .description('send a delivery again, whatever became of it')
    .argument('<delivery>', 'its id', parsePathPart)
    .action(async (id: string) => {
      const { client, print } = connect();
      const answer = await client.json('POST', `/api/webhooks/deliveries/${id}/redeliver`, { body: {} });
      const { event, status } = read(deliveryAnswer, answer);
      print.answer(answer, () => print.line(`${event} is ${status} again.`));
    });

  deliveries
    .command('test')
    .description("call a session's webhook now, once, and tell what came of it")
    .argument('<id>', 'the session', parseSessionId)
    .action(async (sessionId: string) => {
      const { client, print } = connect();
      const answer = await client.json('POST', '/api/webhooks/test', { body: { sessionId } });
      const { delivered, status, latencyMs, error } = read(testAnswer, answer);
      print.answer(answer, () => {
        if (delivered) print.line(`The webhook answered ${status} in ${Math.round(latencyMs)} ms.`, 'good');
      });
      if (delivered) return;
      throw new CliFailure(
        EXIT.refused,
        `The webhook was not reached, or refused: ${error ?? `it answered ${status}`}.`,
      );
    });
}
