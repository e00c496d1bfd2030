/** Writes instants, distances and sizes the way the page's language does, in the sandbox's time zone. */

import { locale, t } from './words.js';

let timeZone = 'UTC';

export function setTimeZone(name) {
  timeZone = name || 'UTC';
}

function written(instant, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(instant);
}

/** "14:05" of an instant in milliseconds. */
export const clockTime = (instant) => written(instant, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** "Tuesday 16 June", or "Tue 16 Jun" where room is short. */
export const weekdayAndDay = (instant, short) => {
  const length = short ? 'short' : 'long';
  return written(instant, { weekday: length, day: 'numeric', month: length });
};

/** A sortable key of the local day, "2026-06-16"; en-CA writes dates in that order. */
export function dayKey(instant) {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant);
}

/** The date separator of a chat: "Today", "Yesterday", "16 June". */
export function dayName(instant, now) {
  const day = dayKey(instant);
  if (day === dayKey(now)) return t('today');
  if (day === dayKey(now - 86_400_000)) return t('yesterday');
  const sameYear = day.slice(0, 4) === dayKey(now).slice(0, 4);
  return written(instant, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** "35 m", "1.2 km". */
export function distance(metres) {
  if (metres < 1000) return `${Math.round(metres)} m`;
  return `${(metres / 1000).toFixed(metres < 10_000 ? 1 : 0)} km`;
}

/** "12 kB", "3.4 MB". */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** "0:07". */
export const playTime = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** The chip of a phone's language: "EN", "中文". */
export const languageName = (code) => (/^zh/i.test(code ?? '') ? '中文' : (code || 'en').slice(0, 2).toUpperCase());
