import type { ComponentChildren } from 'preact';
import type { SessionView } from '../contract.js';
import { byteWords } from '../model/time-words.js';
import { Age } from './clock.js';

const ago = (at: string | null) =>
  at === null ? (
    'never'
  ) : (
    <>
      <Age since={at} /> ago
    </>
  );

/** The figures of a number, of the moment when it last changed. */
export function SessionFacts({ session }: { session: SessionView }) {
  const { browser, health, circuit, maxAttempts } = session;
  const facts: [string, ComponentChildren][] = [
    ['Memory', browser === null ? 'no browser' : byteWords(browser.memoryBytes)],
    [
      'Browser',
      browser === null ? (
        'none'
      ) : (
        <>
          pid {browser.pid}, <Age since={browser.startedAt} />
        </>
      ),
    ],
    [
      'Last check',
      health.checkedAt === null ? (
        'none yet'
      ) : (
        <>
          {health.verdict}, <Age since={health.checkedAt} /> ago
        </>
      ),
    ],
    ['Last activity', ago(session.lastActivityAt)],
    ['Last QR scan', ago(session.lastQrScanAt)],
    ['Attempts', maxAttempts === null ? session.attempt : `${session.attempt} of ${maxAttempts}`],
    ['Last attempt', session.isReconnecting ? 'under way' : ago(session.lastReconnectAttempt)],
    ['Errors', session.errorCount],
    ['Connection failures', session.connectionFailureCount],
    ['Circuit breaker', circuit.state.replace('_', ' ')],
    ['WhatsApp Web', session.webVersion ?? 'not loaded'],
    ['Wanted', session.desired],
    ['Reason', <code key="reason">{session.reason}</code>],
  ];
  return (
    <section class="card" aria-labelledby="facts-title">
      <h2 id="facts-title">Figures</h2>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
