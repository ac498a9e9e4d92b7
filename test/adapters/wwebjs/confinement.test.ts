import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createConfine } from '../../../src/adapters/wwebjs/confinement.js';
import { FakeClock } from '../../support/fake-clock.js';

let dir: string;
let starts: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  chmodSync(dir, 0o711);
  starts = join(dir, 'starts');
  writeFileSync(starts, '', { mode: 0o666 });
  chmodSync(starts, 0o666);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const usual = { profile: 'lean', maxHeapMb: null, sandbox: 'auto', user: 'auto', extraArgs: [] } as const;

function confine(change: Partial<Parameters<typeof createConfine>[0]['settings']> = {}, isRoot = false) {
  // As Chromium does where it may not use its sandbox.
  const path = join(dir, 'browser');
  writeFileSync(path, `#!/bin/sh\necho start >> ${starts}\necho 'No usable sandbox!' >&2\nexit 1\n`, { mode: 0o755 });
  const decide = createConfine({ settings: { ...usual, ...change }, authDir: dir, isRoot, clock: new FakeClock() });
  return () => decide({ path, engine: 'chromium' });
}

describe('the sandbox', () => {
  test('is off where the settings say so, and nothing is tried for that', async () => {
    expect(await confine({ sandbox: 'off' })()).toMatchObject({ sandbox: false, why: 'browser.sandbox says so' });
    const bySwitch = await confine({ extraArgs: ['--no-sandbox'] })();
    expect(bySwitch).toMatchObject({ sandbox: false, why: 'browser.extraArgs says so' });
    const ofRoot = await confine({ user: 'off' }, true)();
    expect(ofRoot).toMatchObject({ sandbox: false, user: null, why: expect.stringContaining('root') });
  });

  test('is left to Chromium where somebody insists', async () => {
    expect(await confine({ sandbox: 'on' })()).toEqual({ sandbox: true, user: null, why: null });
  });

  test('is off, with what the browser said, where a trial start fails; one trial is enough, and it leaves nothing', async () => {
    const decide = confine();
    const [one, other] = await Promise.all([decide(), decide()]);
    expect(one).toMatchObject({ sandbox: false, user: null, why: expect.stringContaining('No usable sandbox!') });
    expect(other).toBe(one);
    expect(readdirSync(dir).sort()).toEqual(['browser', 'starts']);
  });

  test('is tried anew where the profiles came from elsewhere: their new place may be closed to the user', async () => {
    const decide = confine();
    const { mtimeMs, size } = statSync(join(dir, 'browser'));
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const of = { path: join(dir, 'browser'), mtimeMs, size, uid: process.getuid?.(), bootId };
    // A result that does not say where it was found says nothing of this place.
    writeFileSync(join(dir, 'sandbox-trial.json'), JSON.stringify(of));
    expect(await decide()).toMatchObject({ sandbox: false });
    expect(readFileSync(starts, 'utf8')).toBe('start\n');
  });

  test('is off for root when there is no such user, and says that', async () => {
    const found = await confine({ user: 'nobody-of-this-name' }, true)();
    expect(found).toMatchObject({ sandbox: false, why: expect.stringContaining('nobody-of-this-name') });
    expect(existsSync(join(dir, 'sandbox-trial.json'))).toBe(false);
  });
});
