const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A length of time in its one or two largest units, tenths below 10 s: `3.4 s`, `25 s`, `3 min 20 s`, `2 h 5 min`, `4 d 1 h`. */
export function durationWords(ms: number): string {
  if (ms > 0 && ms < 10 * SECOND_MS) return `${Math.round(ms / 100) / 10} s`;
  const whole = Math.max(0, Math.round(ms / SECOND_MS)) * SECOND_MS;
  const pair = (large: string, largeMs: number, small: string, smallMs: number) => {
    const rest = Math.floor((whole % largeMs) / smallMs);
    return `${Math.floor(whole / largeMs)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
  };
  if (whole < MINUTE_MS) return `${whole / SECOND_MS} s`;
  if (whole < HOUR_MS) return pair('min', MINUTE_MS, 's', SECOND_MS);
  if (whole < DAY_MS) return pair('h', HOUR_MS, 'min', MINUTE_MS);
  return pair('d', DAY_MS, 'h', HOUR_MS);
}

/** How long ago something was, coarse enough to change only now and then: `< 1 min`, `3 min`, `2 h`, `5 d`. */
export function ageWords(ms: number): string {
  if (ms < MINUTE_MS) return '< 1 min';
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** The day of a time, for who looks at it on the day of `nowMs`: `Today`, `Yesterday`, `Thu, Nov 19`. */
export function dayWords(atMs: number, nowMs: number): string {
  const dayOf = (ms: number) => new Date(ms).toDateString();
  if (dayOf(atMs) === dayOf(nowMs)) return 'Today';
  const yesterday = new Date(nowMs);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(atMs) === yesterday.toDateString()) return 'Yesterday';
  return new Date(atMs).toLocaleDateString(undefined, { weekday: 'short', month: 'short', day: 'numeric' });
}

/** A mark on the time axis of a chart that shows `spanMs`: the time of day, or the day when there are several. */
export function tickWords(atMs: number, spanMs: number): string {
  const at = new Date(atMs);
  if (spanMs > 2 * DAY_MS) return at.toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

/** What is left on a clock: `0:09`, `1:59`, `1:00:00`. */
export function clockWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Bytes for people: `812 MB`, `1.4 GB`. */
export function byteWords(bytes: number): string {
  const mb = bytes / 1024 ** 2;
  return mb < 1024 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}
