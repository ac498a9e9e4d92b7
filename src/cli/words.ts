import type { Mood } from './printer.js';

const MB = 1024 * 1024;

/** An ISO time as `2026-01-31 12:00:00Z`; null stays null. */
export function shortTime(iso: string): string;
export function shortTime(iso: string | null): string | null;
export function shortTime(iso: string | null): string | null {
  return iso === null ? null : `${iso.slice(0, 19).replace('T', ' ')}Z`;
}

/** Milliseconds since 1970 in the same form. */
export function shortTimeOfMs(at: number | null): string | null {
  return at === null ? null : shortTime(new Date(at).toISOString());
}

/** `93784` seconds as `1d 2h`; the two largest parts. */
export function duration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / MB)} MB`;
}

/** How a session's status looks to its owner. */
export function moodOf(status: string): Mood {
  if (status === 'connected') return 'good';
  return ['error', 'disconnected', 'suspended'].includes(status) ? 'bad' : 'busy';
}
