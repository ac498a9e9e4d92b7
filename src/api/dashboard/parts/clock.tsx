import type { NextMoment } from '../model/sentence.js';
import { ageWords, clockWords } from '../model/time-words.js';
import { useTime } from '../service/ticker.js';

/** A time in the words of whoever looks. */
export function localTime(at: string): string {
  return new Date(at).toLocaleString();
}

/** What is left until a time. */
export function Countdown({ to }: { to: string }) {
  const words = useTime((nowMs) => clockWords(Date.parse(to) - nowMs));
  return (
    <time class="number" dateTime={to} title={localTime(to)}>
      {words}
    </time>
  );
}

/** What comes next by itself, and how long until then; a time that has come takes a moment until it is told what came. */
export function Upcoming({ what, at }: NextMoment) {
  const isDue = useTime((nowMs) => Number(nowMs >= Date.parse(at))) === 1;
  return isDue ? (
    <>{what} is due</>
  ) : (
    <>
      {what} in <Countdown to={at} />
    </>
  );
}

/** How long ago something was. */
export function Age({ since }: { since: string }) {
  const words = useTime((nowMs) => ageWords(nowMs - Date.parse(since)));
  return (
    <time class="number" dateTime={since} title={localTime(since)}>
      {words}
    </time>
  );
}
