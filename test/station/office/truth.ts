import type { Booklet } from '../../../mocks/printers/booklet.ts';
import type { SimulatedPrinter } from '../../../mocks/printers/simulated-printer.ts';
import type { TallyPrinter } from '../../../mocks/printers/tally-csi/device.ts';
import type { Bitmap } from '../../../src/domain/bitmap.ts';
import type { Journal } from '../../../src/journal/journal.ts';
import type { AttemptRow } from '../../../src/journal/queries.ts';
import { renderPage } from '../../../src/station/pages.ts';
import type { Station } from '../../../src/station/station.ts';
import { type Ink, inkOn } from './ink.ts';

/** The ground truth: what the booklets carry, compared with what the journal says of them (domain.md, I1-I13). */

interface Office {
  readonly station: Station;
  readonly journal: Journal;
  readonly printers: ReadonlyMap<string, SimulatedPrinter<TallyPrinter>>;
}

/** Of one attempt, seen at the moment at which the journal wrote it. */
interface Sight {
  /** How many bytes the device had received when it was intended: its own come after them. */
  readonly fromByte: number;
  /** Dots on the booklet when the outcome was written. */
  dotsAtOutcome: number | null;
  /** Dots on it when the device was shown to hold nothing of the attempt. */
  dotsWhenEmpty: number | null;
}

export interface Witnessed {
  readonly sights: ReadonlyMap<string, Sight>;
  /** Watches a new life of the station. */
  follow(station: Station): void;
}

const dotsOn = (booklet: Booklet | undefined): number =>
  booklet === undefined ? 0 : booklet.inkLog.reduce((sum, { dots }) => sum + dots, 0);

export function witness(office: Office): Witnessed {
  const sights = new Map<string, Sight>();
  const dots = (attempt: AttemptRow) => dotsOn(office.printers.get(attempt.printer)?.booklets.get(attempt.booklet));
  return {
    sights,
    follow: ({ core: { journal } }) => {
      journal.onCommitted((entries) => {
        for (const { data, kind } of entries) {
          if (!('attempt' in data)) continue;
          const attempt = journal.attempt(data.attempt);
          if (attempt === undefined) continue;
          const sight = sights.get(attempt.id) ?? {
            fromByte: office.printers.get(attempt.printer)?.device.snapshot().bytesReceived ?? 0,
            dotsAtOutcome: null,
            dotsWhenEmpty: null,
          };
          sights.set(attempt.id, sight);
          if (kind === 'attempt-ended') sight.dotsAtOutcome = dots(attempt);
          if (kind === 'printer-empty') sight.dotsWhenEmpty = dots(attempt);
        }
      });
    },
  };
}

const pages = new Map<string, Promise<Bitmap>>();

/** The page of a job on a booklet as it must be inked, rendered once a process. */
export function intendedPage({ core }: Station, job: string, booklet: string): Promise<Bitmap> {
  const key = `${core.journal.job(job)?.record_sha256} ${booklet}`;
  let page = pages.get(key);
  if (page === undefined) {
    page = renderPage(core.settings, core.journal, job, booklet, 180).then(({ bitmap }) => bitmap);
    pages.set(key, page);
  }
  return page;
}

/** What the booklet of an attempt carries of that attempt's page. */
export async function inkOfAttempt(office: Office, attempt: AttemptRow): Promise<Ink> {
  const booklet = office.printers.get(attempt.printer)?.booklets.get(attempt.booklet);
  if (booklet === undefined || booklet.blank) return 'none';
  return inkOn(booklet, await intendedPage(office.station, attempt.job, attempt.booklet));
}

/** Every contradiction, in words; none where all is well. */
export async function untruthsOf(office: Office, { sights }: Witnessed): Promise<string[]> {
  const { journal } = office;
  const untruths: string[] = [];
  const booklets = new Map<string, { printer: string; booklet: Booklet }>();
  for (const [printer, device] of office.printers)
    for (const [number, booklet] of device.booklets) booklets.set(number, { printer, booklet });
  const attempts = journal.jobs({ limit: 1000 }).items.flatMap(({ id }) => journal.attemptsOf(id));

  /** The attempt that was the last to be intended at the printer before the byte came. */
  const ownerOf = (byte: number, printer: string): string | null =>
    attempts
      .filter((one) => one.printer === printer)
      .map(({ id }) => ({ id, fromByte: sights.get(id)?.fromByte ?? 0 }))
      .filter(({ fromByte }) => fromByte <= byte)
      .sort((a, b) => b.fromByte - a.fromByte)[0]?.id ?? null;

  for (const attempt of attempts) {
    const name = `attempt ${attempt.number} on ${attempt.booklet}`;
    const sight = sights.get(attempt.id);
    const ink = await inkOfAttempt(office, attempt);
    const booklet = booklets.get(attempt.booklet)?.booklet;
    if (attempt.state === 'printed' && ink !== 'whole') untruths.push(`${name} is printed, its ink is ${ink}`);
    if (ink === 'foreign' && attempt.state !== 'spoiled')
      untruths.push(`${name}: the booklet carries dots that are not of its page`);
    if (
      attempt.state === 'not-printed' &&
      booklet?.inkLog.some((ink) => ownerOf(ink.fromByte, attempt.printer) === attempt.id)
    )
      untruths.push(`${name} is not printed, but its bytes made ink`);
    const last = journal.attemptsOfBooklet(attempt.booklet)[0]?.id === attempt.id;
    const settledAt = sight?.dotsWhenEmpty ?? (attempt.reason === 'acknowledged' ? sight?.dotsAtOutcome : null) ?? null;
    if (last && settledAt !== null && settledAt !== dotsOn(booklet))
      untruths.push(
        `${name}: ${dotsOn(booklet) - settledAt} dots came after the device was said to hold nothing of it`,
      );
  }
  for (const [number, { printer, booklet }] of booklets) {
    const state = journal.booklet(number)?.state;
    if ((state === 'in-stock' || state === 'bound') && !booklet.blank) {
      const live = attempts.some(
        (one) => one.booklet === number && ['intended', 'sending', 'confirming'].includes(one.state),
      );
      if (!live) untruths.push(`${number} counts as blank (${state}), but carries ink`);
    }
    // I13: ink only from bytes of attempts on this very booklet.
    const owners = new Set(booklet.inkLog.map(({ fromByte }) => ownerOf(fromByte, printer)));
    for (const owner of owners)
      if (owner === null || journal.attempt(owner)?.booklet !== number)
        untruths.push(
          `${number} took ink from ${owner === null ? 'no attempt' : `attempt ${owner} on another booklet`}`,
        );
  }
  for (const approval of new Set(attempts.map((one) => one.approval))) {
    const inked = new Set(
      attempts
        .filter((one) => one.approval === approval && booklets.get(one.booklet)?.booklet.blank === false)
        .map((one) => one.booklet),
    );
    if (inked.size > 1) untruths.push(`approval ${approval} put ink on ${[...inked].join(' and ')}`);
  }
  untruths.push(...journal.rebuildCheck().map((difference) => `rebuild-check: ${difference}`));
  return untruths;
}
