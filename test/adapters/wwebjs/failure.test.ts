import { describe, expect, test } from '@jest/globals';
import { abortError, withDeadline } from '../../../src/adapters/wwebjs/deadline.js';
import { clientError, exitError, isDeadHandle, isNavigation, wordsOf } from '../../../src/adapters/wwebjs/failure.js';
import { ClientError } from '../../../src/domain/ports.js';

describe('a failure is understood by its words', () => {
  test.each([
    ['net::ERR_INTERNET_DISCONNECTED at https://web.whatsapp.com/', 'network_down'],
    ['net::ERR_NAME_NOT_RESOLVED', 'network_down'],
    ['net::ERR_CONNECTION_RESET', 'network_down'],
    ['net::ERR_PROXY_CONNECTION_FAILED', 'network_down'],
    ['net::ERR_TIMED_OUT', 'network_down'],
    ['net::ERR_ABORTED', 'init_timeout'],
    ['Navigation timeout of 90000 ms exceeded', 'init_timeout'],
    ['auth timeout', 'init_timeout'],
    ['ready timeout', 'ready_timeout'],
    ['Protocol error (Runtime.callFunctionOn): Target closed', 'browser_crashed'],
    ['Protocol error: Connection closed.', 'browser_crashed'],
    ['Protocol error (Page.navigate): Session closed. Most likely the page has been closed.', 'browser_crashed'],
    ['Page crashed!', 'browser_crashed'],
    ['Navigating frame was detached', 'browser_crashed'],
    ['Runtime.callFunctionOn timed out. Increase the protocolTimeout', 'page_hung'],
    ['something new', 'socket_lost'],
  ])('%s is %s', (words, reason) => {
    expect(clientError(new Error(words), 'socket_lost', 'Trying').reason).toBe(reason);
    // whatsapp-web.js throws bare strings.
    expect(clientError(words, 'socket_lost', 'Trying').reason).toBe(reason);
  });

  test('what is understood already stays as it is', () => {
    const known = new ClientError('banned', 'no');
    expect(clientError(known, 'socket_lost', 'Trying')).toBe(known);
  });

  test('a navigation is not the end of the page', () => {
    expect(isNavigation(new Error('Execution context was destroyed, most likely because of a navigation.'))).toBe(true);
    expect(isDeadHandle(new Error('Execution context was destroyed, most likely because of a navigation.'))).toBe(
      false,
    );
    expect(isDeadHandle(new Error('Attempted to use detached Frame'))).toBe(true);
  });

  test('anything can be thrown', () => {
    expect(wordsOf('text')).toBe('text');
    expect(wordsOf({ message: 'of another realm' })).toBe('of another realm');
    expect(wordsOf(undefined)).toBe('unknown error');
  });
});

describe('a browser that ends before it is of use', () => {
  test('with code 21 has found its profile in use', () => {
    expect(exitError(21, null, '').reason).toBe('profile_in_use');
  });

  test('otherwise has failed to launch, with its own words', () => {
    expect(exitError(127, null, 'libnss3.so: cannot open').reason).toBe('launch_failed');
    expect(exitError(127, null, 'libnss3.so: cannot open').message).toContain('libnss3.so');
    expect(exitError(null, 'SIGKILL', '').message).toContain('SIGKILL');
  });
});

describe('a deadline', () => {
  const forever = new Promise<never>(() => undefined);
  const limits = { timeoutMs: 20, reason: 'page_hung', doing: 'Waiting' } as const;

  test('lets work through that is done in time, and its own failure', async () => {
    await expect(withDeadline(Promise.resolve(7), limits)).resolves.toBe(7);
    await expect(withDeadline(Promise.reject(new Error('own')), limits)).rejects.toThrow('own');
  });

  test('ends the wait for a page that never answers', async () => {
    await expect(withDeadline(forever, limits)).rejects.toMatchObject({ reason: 'page_hung' });
  });

  test('ends the wait at once when the caller no longer wants it', async () => {
    const caller = new AbortController();
    const waiting = withDeadline(forever, { ...limits, timeoutMs: 60_000, signal: caller.signal });
    caller.abort();
    await expect(waiting).rejects.toMatchObject({ reason: 'stopped_by_operator' });
    const late = withDeadline(forever, { ...limits, timeoutMs: 60_000, signal: caller.signal });
    await expect(late).rejects.toMatchObject({ reason: 'stopped_by_operator' });
  });

  test('of the caller is a time that has passed, not a stop', () => {
    const caller = new AbortController();
    caller.abort(new DOMException('too late', 'TimeoutError'));
    expect(abortError(caller.signal, 'Waiting', 'page_hung').reason).toBe('page_hung');
  });
});
