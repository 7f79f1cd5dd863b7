/**
 * The kinds of value in station.yaml. Each says in words what it allows, because that sentence is what the person who
 * mends the file reads (`findings.ts` puts path, line and value before it).
 */
import { z } from 'zod';

export const text = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

export function whole(least: number, most: number, unit = '') {
  const error = `a whole number from ${least} to ${most}${unit === '' ? '' : ` (${unit})`}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

export function millimetres(least: number, most: number) {
  const error = `a number of millimetres from ${least} to ${most}`;
  return z.number({ error }).min(least, { error }).max(most, { error });
}

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

export const flag = () => z.boolean({ error: 'true or false' });

/** A path; relative ones are relative to the configuration file. */
export const path = () => text(/^[^\0]+$/, 'a path');

/** Station, office and device identifiers: they stand in URLs, metrics and statements' `aud`. */
export const identifier = () =>
  text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'an identifier: 1-64 letters, digits, ".", "_" or "-"');

/** A mapping with exactly these keys. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? Object.keys(shape).join(', ')
        : `a section with ${Object.keys(shape).join(', ')}`,
  });

export const timeZone = () => z.string({ error: TIME_ZONE }).refine(isTimeZone, { error: TIME_ZONE });

const TIME_ZONE = 'a time zone of the IANA database such as Asia/Pontianak';

function isTimeZone(name: string): boolean {
  // Intl also takes offsets such as +07:00, which know no changes of the law.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const HOLIDAY = 'a date such as 2026-12-25';

export const calendarDate = () => z.string({ error: HOLIDAY }).refine(isCalendarDate, { error: HOLIDAY });

function isCalendarDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** Names of this machine itself, as they stand in `listen.host` and `central.url`. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
