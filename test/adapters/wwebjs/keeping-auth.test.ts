import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Client } from 'whatsapp-web.js';
import { KeepingAuth } from '../../../src/adapters/wwebjs/keeping-auth.js';
import { QuietClient } from '../../../src/adapters/wwebjs/quiet-client.js';

/** What the library calls over the life of a client, and at a logout (Client.js). */
const CALLS = [
  'beforeBrowserInitialized',
  'afterBrowserInitialized',
  'onAuthenticationNeeded',
  'getAuthEventPayload',
  'afterAuthReady',
  'disconnect',
  'logout',
  'destroy',
];

describe('R14 the library', () => {
  let profile: string;

  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'wakeful-auth-'));
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default', 'login'), 'the login');
  });
  afterEach(() => rmSync(profile, { recursive: true, force: true }));

  test('deletes nothing of a profile, at a logout neither, and chooses no other folder', async () => {
    const auth = new KeepingAuth();
    const puppeteer = { userDataDir: profile };
    auth.setup({ options: { puppeteer } } as unknown as Client);
    for (const name of CALLS) {
      const call: unknown = Reflect.get(auth, name);
      if (typeof call !== 'function') throw new Error(`The library has no ${name}() any more.`);
      await Reflect.apply(call, auth, []);
    }
    expect(readdirSync(profile)).toEqual(['Default']);
    expect(readFileSync(join(profile, 'Default', 'login'), 'utf8')).toBe('the login');
    expect(puppeteer).toEqual({ userDataDir: profile });
  });

  test('makes no other calls than these', () => {
    const known = new Set<string>();
    for (let one: object = KeepingAuth.prototype; one !== Object.prototype; one = Object.getPrototypeOf(one)) {
      for (const name of Object.getOwnPropertyNames(one)) known.add(name);
    }
    expect([...known].sort()).toEqual(['constructor', 'setup', ...CALLS].sort());
  });

  test('is given this strategy by every client', () => {
    const nothing = () => {};
    const hooks = { socketState: nothing, injected: nothing, ready: nothing, synced: nothing, loggedOut: nothing };
    const client = new QuietClient({ ...hooks, ignored: nothing }, 1000);
    expect(Reflect.get(client, 'authStrategy')).toBeInstanceOf(KeepingAuth);
  });
});
