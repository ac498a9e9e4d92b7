import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger as createWinston, format, type LogEntry, transports } from 'winston';
import DailyRotateFile from 'winston-daily-rotate-file';
import type { LogFields, Logger } from '../domain/ports.js';
import { redactFields, redactText } from './redaction.js';

export interface LogSettings {
  level: 'error' | 'warn' | 'info' | 'debug';
  console: 'pretty' | 'json' | 'off';
  keepDays: number;
}

/** A day that logs more than this gets a second file, so that one bad day cannot fill the disk with one file. */
const MAX_FILE_SIZE = '50m';
const FLUSH_DEADLINE_MS = 3_000;
/** What is no trouble is written so much later: who logs in the middle of something must not wait for it. */
const LATER_MS = 3;

const prettyLine = format.printf((info) => {
  const { level, message, timestamp, event, sessionId, ...rest } = info;
  const time = String(timestamp).slice(11, 23);
  const who = typeof sessionId === 'string' ? `[${sessionId}] ` : '';
  const details = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const tail = details.length === 0 ? '' : ` ${details.join(' ')}`;
  return `${time} ${level.toUpperCase().padEnd(5)} ${who}${String(message)} (${String(event)})${tail}`;
});

/**
 * Logs to `<dataDir>/logs/wakeful-<date>.log` as JSON lines, a file a day, and to the console. Everything passes the
 * redaction first. `stop` resolves when the file has been written out, after which nothing is logged any more.
 */
export function createLogger(settings: LogSettings, dataDir: string): { logger: Logger; stop(): Promise<void> } {
  const dirname = join(dataDir, 'logs');
  mkdirSync(dirname, { recursive: true, mode: 0o700 });
  const file = new DailyRotateFile({
    dirname,
    filename: 'wakeful-%DATE%',
    extension: '.log',
    datePattern: 'YYYY-MM-DD',
    utc: true,
    maxSize: MAX_FILE_SIZE,
    maxFiles: `${settings.keepDays}d`,
    auditFile: join(dirname, '.rotation.json'),
    options: { flags: 'a', mode: 0o600 },
  });
  const console_ = new transports.Console(settings.console === 'json' ? {} : { format: prettyLine });
  // Not one that is silent: every line would still be handed through it.
  const outputs = settings.console === 'off' ? [file] : [file, console_];
  // Once for all of them that write JSON: what has a format of its own makes its line anew.
  const winston = createWinston({ level: settings.level, format: format.json(), transports: outputs });
  // A full disk or a closed pipe must not end the service: without a listener these are uncaught exceptions.
  for (const source of [winston, ...outputs]) source.on('error', () => {});

  const waiting: LogEntry[] = [];
  const writeWaiting = () => {
    for (const line of waiting.splice(0)) winston.log(line);
  };
  process.on('exit', writeWaiting);
  let stopping: Promise<void> | null = null;
  const write =
    (level: LogSettings['level']) =>
    (event: string, message: string, fields: LogFields = {}) => {
      // Before the redaction, which costs more than anything else about a line that nobody wants.
      if (stopping || !winston.isLevelEnabled(level)) return;
      const timestamp = new Date().toISOString();
      waiting.push({ ...redactFields(fields), level, event, message: redactText(message), timestamp });
      // The process may end right after it.
      if (level === 'error' || level === 'warn') writeWaiting();
      else if (waiting.length === 1) setTimeout(writeWaiting, LATER_MS).unref();
    };

  const flush = () =>
    new Promise<void>((resolve) => {
      const deadline = setTimeout(resolve, FLUSH_DEADLINE_MS);
      // The transport finishes when it has handed on its last line; only the stream under it knows when that is written.
      file.once('finish', () => {
        file.logStream.end(() => {
          clearTimeout(deadline);
          resolve();
        });
      });
      winston.end();
    });

  return {
    logger: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    stop() {
      writeWaiting();
      process.off('exit', writeWaiting);
      stopping ??= flush();
      return stopping;
    },
  };
}
