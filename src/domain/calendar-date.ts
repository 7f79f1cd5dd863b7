const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const leapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Whether `YYYY-MM-DD` names a day of the Gregorian calendar. */
export function isCalendarDate(text: string): boolean {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  const days = month === 2 && leapYear(year) ? 29 : DAYS[month - 1];
  return year >= 1 && days !== undefined && day >= 1 && day <= days;
}

/** As `isCalendarDate`, or with the day, the month and day, or all of it unknown and written `XX` (Doc 9303-3 s3.8). */
export function isDateWithUnknownParts(text: string): boolean {
  return text === 'XXXX-XX-XX' || (/^\d{4}-(\d{2}-(\d{2}|XX)|XX-XX)$/.test(text) && isCalendarDate(earliest(text)));
}

/** The first day that a date with unknown parts may mean; `0001-01-01` when nothing is known. */
export function earliest(text: string): string {
  return text.replace('XXXX', '0001').replaceAll('XX', '01');
}
