import { computed, signal } from '@preact/signals';
import { rim } from '../rim.ts';
import { language, words } from '../words/words.ts';
import { station } from './station.ts';

/** Station's clock minus browser's clock, milliseconds: a counter's computer may be wrong, its ages must not be. */
const skew = signal(0);

/** The station's time as last ticked, milliseconds since 1970. */
export const now = signal(rim.now());

export const stationSays = (time: string): void => {
  const told = Date.parse(time);
  if (Number.isNaN(told)) return;
  skew.value = told - rim.now();
  now.value = told;
};

/** The station's time now, milliseconds since 1970. */
export const stationNow = (): number => rim.now() + skew.value;

/** Keeps `now` going; returns the way to stop it. */
export const startTicking = (): (() => void) =>
  rim.every(1000, () => {
    // Ages are shown in minutes: a tick a second would only make the screen work.
    const next = stationNow();
    if (Math.floor(next / 15_000) !== Math.floor(now.value / 15_000)) now.value = next;
  });

const LOCALE = { id: 'id-ID', en: 'en-GB' } as const;

const formats = computed(() => {
  const zone = station.value?.timezone;
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALE[language.value], zone === undefined ? options : { ...options, timeZone: zone });
  return {
    clock: make({ hour: '2-digit', minute: '2-digit' }),
    day: make({ day: 'numeric', month: 'short' }),
    full: make({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' }),
    date: make({ year: 'numeric', month: '2-digit', day: '2-digit' }),
  };
});

/** Hour and minute in the station's zone; with the day where it was not today. */
export function clock(time: string | number): string {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return '';
  const { clock: hours, day, date } = formats.value;
  return date.format(at) === date.format(new Date(now.value))
    ? hours.format(at)
    : `${day.format(at)}, ${hours.format(at)}`;
}

export const dayAndTime = (time: string): string => formats.value.full.format(new Date(time));

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in its largest unit. */
export function span(milliseconds: number): string {
  const size = Math.abs(milliseconds);
  const said = words.value.span;
  if (size < MINUTE) return said.now;
  if (size < HOUR) return said.minutes(Math.floor(size / MINUTE));
  if (size < 2 * DAY) return said.hours(Math.floor(size / HOUR));
  return said.days(Math.floor(size / DAY));
}

export const age = (time: string): string => span(now.value - Date.parse(time));

/** Milliseconds until `time`; negative once it is over. */
export const until = (time: string): number => Date.parse(time) - now.value;
