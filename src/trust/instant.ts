import { z } from 'zod';
import type { Seconds } from '../domain/statement.ts';

const RFC3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Seconds since 1970 of an RFC 3339 s5.6 date-time, to the millisecond; null where the text is none. Days that no calendar
 * has (30 February) are refused, not carried over; so are leap seconds, which a signed time has no need of.
 */
export function instantOf(text: string): Seconds | null {
  const [, date, time, , offset] = RFC3339.exec(text) ?? [];
  if (date === undefined || offset === undefined) return null;
  const local = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(`${date}T${time}`)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds / 1000;
}

/** A claim that is an RFC 3339 text, read as seconds; nothing before 1970. */
export const instant = z.string().transform((text, context): Seconds => {
  const seconds = instantOf(text);
  if (seconds !== null && seconds >= 0) return seconds;
  context.addIssue({ code: 'custom', message: 'is not an RFC 3339 time' });
  return z.NEVER;
});
