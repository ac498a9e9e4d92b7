import type { LogFields, Logger } from '../../src/domain/ports.js';

interface Line {
  level: 'debug' | 'info' | 'warn' | 'error';
  event: string;
  message: string;
  fields: LogFields;
}

/** Keeps what was logged. */
export class FakeLogger implements Logger {
  readonly lines: Line[] = [];

  debug(event: string, message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', event, message, fields });
  }

  info(event: string, message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, message, fields });
  }

  warn(event: string, message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, message, fields });
  }

  error(event: string, message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, message, fields });
  }

  /** How often an event of the catalogue was logged. */
  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length;
  }
}
