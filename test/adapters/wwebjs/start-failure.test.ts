import { expect, test } from '@jest/globals';
import type { CDPSession } from 'puppeteer';
import { startFailure } from '../../../src/adapters/wwebjs/start-failure.js';
import { ClientError } from '../../../src/domain/ports.js';

const LATE = new ClientError('init_timeout', 'Starting WhatsApp Web took longer than 90000 ms.');

interface Scene {
  /** How long the request for the document has been under way; null when it came, or was never sent. */
  waitsMs: number | null;
  hasCome: boolean;
  /** What the page says of the network; undefined when it does not answer. */
  reaches?: boolean;
  isAlive?: boolean;
}

async function reasonOf(
  { waitsMs, hasCome, reaches, isAlive = true }: Scene,
  { error = LATE, signal = new AbortController().signal } = {},
): Promise<string> {
  const page = {
    webPage: { hasCome, waitsMs: () => waitsMs, worked: () => undefined },
    calls: { reachesWhatsApp: () => (reaches === undefined ? Promise.reject(LATE) : Promise.resolve(reaches)) },
    browserSession: {
      send: () => (isAlive ? Promise.resolve({}) : Promise.reject(new Error('timed out'))),
    } as unknown as CDPSession,
  };
  return (await startFailure(error, { signal, process: null, page, launchMs: 90_000 })).reason;
}

test.each<[string, Scene, string]>([
  ['whose document is waited for since long', { waitsMs: 8000, hasCome: false }, 'network_down'],
  ['whose document was asked for only just now', { waitsMs: 7999, hasCome: false }, 'init_timeout'],
  ['whose document was never asked for', { waitsMs: null, hasCome: false }, 'init_timeout'],
  ['of a browser that stands still', { waitsMs: 60_000, hasCome: false, isAlive: false }, 'init_timeout'],
  ['whose page hears nothing', { waitsMs: null, hasCome: true, reaches: false }, 'network_down'],
  ['whose page reaches WhatsApp', { waitsMs: null, hasCome: true, reaches: true }, 'init_timeout'],
  ['whose page does not answer', { waitsMs: null, hasCome: true }, 'init_timeout'],
])('B02 a start %s that takes too long is judged by it', async (_what, scene, reason) => {
  expect(await reasonOf(scene)).toBe(reason);
});

test('a start that failed for another reason keeps it', async () => {
  const error = new ClientError('launch_failed', 'no such file');
  expect(await reasonOf({ waitsMs: 60_000, hasCome: false }, { error })).toBe('launch_failed');
});

test('a start that is called off asks nobody', async () => {
  const signal = AbortSignal.abort();
  expect(await reasonOf({ waitsMs: null, hasCome: true, reaches: false }, { signal })).toBe('stopped_by_operator');
});
