/** The promise to the applicant: working days after payment, counted in the office's own calendar (domain.md). */
export interface Calendar {
  readonly timezone: string;
  readonly workingDays: number;
  /** `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
}

const DAY = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of a moment in a time zone, `YYYY-MM-DD`. */
export function localDate(at: number, timezone: string): string {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    formats.set(timezone, format);
  }
  return format.format(at);
}

/** The same time of day, that many working days later; Saturdays, Sundays and holidays do not count. Milliseconds. */
export function deadlineAfter(at: number, calendar: Calendar): number {
  let day = at;
  for (let left = calendar.workingDays; left > 0; ) {
    day += DAY;
    const date = localDate(day, calendar.timezone);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !calendar.holidays.includes(date)) left -= 1;
  }
  return day;
}
