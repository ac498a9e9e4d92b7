import { describe, expect, test } from '@jest/globals';
import type { Engine } from '../../src/domain/engine-record.js';
import { steadyPolicy } from '../support/policy.js';
import { READY, type Story, stableStory, story } from './story.js';

/** What the finder gives: the shell, or the full build while that was asked for. */
const launched = (engine: Engine, hasOther = true) => ({ type: 'launched', pid: 1, engine, hasOther }) as const;

function fails(told: Story, engine: Engine = 'headless-shell', hasOther = true): Story {
  if (told.state.status === 'reconnecting' || told.state.status === 'suspended') told.passUntilDue();
  return told
    .report({ type: 'admitted' }, launched(engine, hasOther))
    .report({ type: 'failed', reason: 'init_timeout', detail: 'simulated' });
}

const begun = () => story({ ...steadyPolicy(), browser: { otherEngineAfterFailures: 3 } }).tell({ type: 'start' });
const events = (told: Story) => told.notes.map(({ event }) => event);

function onTrial(): Story {
  const told = begun();
  for (let failures = 0; failures < 3; failures += 1) fails(told);
  return told;
}

describe('a session that the headless shell brings nowhere', () => {
  test('tries full Chromium after so many launches, and says so', () => {
    const told = fails(fails(begun()));
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 2 });
    fails(told);
    expect(told.state.engine).toMatchObject({ choice: 'trial', failures: 0 });
    expect(events(told)).toContain('session.engine_tried');
  });

  test.each([
    ['ready', READY, 'connected'],
    ['a QR code', { type: 'qr', text: 'one' }, 'qr_pending'],
  ] as const)('stays with it when that comes to %s', (_name, event, status) => {
    const told = onTrial();
    told.passUntilDue();
    told.report({ type: 'admitted' }, launched('chromium'), { type: 'injected' }, event);
    expect(told.state).toMatchObject({ status, engine: { choice: 'pinned', used: 'chromium' } });
    expect(events(told)).toContain('session.engine_pinned');
  });

  test('returns to the shell when Chromium fails as well, and tries it no more until it was connected', () => {
    const told = fails(onTrial(), 'chromium');
    expect(told.state.engine).toMatchObject({ choice: 'usual', tried: true });
    expect(events(told)).toContain('session.engine_returned');
    for (let failures = 0; failures < 4; failures += 1) fails(told);
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 4 });
    told.passUntilDue();
    told.report({ type: 'admitted' }, launched('headless-shell'), { type: 'injected' }, READY);
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 0, tried: false });
  });

  test('keeps its pin over a loss, a stop and a fresh start, and loses it with its login', () => {
    const told = onTrial();
    told.passUntilDue();
    told.report({ type: 'admitted' }, launched('chromium'), { type: 'injected' }, READY);
    for (let failures = 0; failures < 5; failures += 1) fails(told.report({ type: 'browser-exited' }), 'chromium');
    told.tell({ type: 'force-reconnect' }).tell({ type: 'stop', force: false });
    expect(told.state.engine.choice).toBe('pinned');
    expect(told.tell({ type: 'stop', force: true }).state.engine.choice).toBe('usual');
  });
});

describe('full Chromium is not tried', () => {
  const failing = (told: Story, times = 5, hasOther = true) => {
    for (let failures = 0; failures < times; failures += 1) fails(told, 'headless-shell', hasOther);
    return told.state.engine;
  };

  test('where there is none, or somebody chose the engine', () => {
    expect(failing(begun(), 5, false)).toMatchObject({ choice: 'usual', failures: 5 });
  });

  test('when the settings say never', () => {
    const never = story({ ...steadyPolicy(), browser: { otherEngineAfterFailures: null } }).tell({ type: 'start' });
    expect(failing(never).choice).toBe('usual');
  });

  test('for a network that is down, which says nothing of the browser', () => {
    const told = begun();
    for (let times = 0; times < 5; times += 1) {
      if (told.state.status === 'reconnecting') told.passUntilDue();
      told.report({ type: 'admitted' }, launched('headless-shell'));
      told.report({ type: 'failed', reason: 'network_down', detail: 'simulated' });
    }
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 0 });
  });

  test('for a session that was up: it works on the shell', () => {
    const told = stableStory();
    for (let times = 0; times < 4; times += 1) {
      told.report({ type: 'browser-exited' });
      told.report({ type: 'admitted' }, launched('headless-shell'), { type: 'injected' }, READY);
    }
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 0 });
  });

  test('together with another page: what failed before that counts no more', () => {
    const told = fails(fails(begun()));
    told.tell({ type: 'page-changed' });
    expect(told.state.engine).toMatchObject({ choice: 'usual', failures: 0 });
    const trial = onTrial().tell({ type: 'page-changed' });
    expect(trial.state.engine).toMatchObject({ choice: 'usual', tried: false });
  });
});
