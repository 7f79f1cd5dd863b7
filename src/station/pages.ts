import { createHash, hash } from 'node:crypto';
import type { Config } from '../config/config.ts';
import type { Bitmap } from '../domain/bitmap.ts';
import { problem, Refusal } from '../domain/errors.ts';
import { composeTd3, type Td3Options } from '../domain/mrz/td3.ts';
import { type PersonalisationRecord, parseRecord } from '../domain/record.ts';
import type { Queries } from '../journal/queries.ts';
import { renderDataPage } from '../page/data-page.ts';
import { rasterise } from '../page/rasterise.ts';
import { STANDARD_TEMPLATE } from '../page/template.ts';

/** What is to be inked for one job on one booklet. */
export interface RenderedPage {
  readonly bitmap: Bitmap;
  /** Of the PDF, hexadecimal: journalled with the intent. */
  readonly sha256: string;
}

/** The issuer's choices for the MRZ, from the configuration. */
export const mrzOptions = (settings: Config): Td3Options => ({
  emptyOptionalCheckDigit: settings.page.mrzEmptyOptionalCheckDigit,
  transliteration: settings.page.transliteration,
});

/**
 * The record of a job: the very bytes that came in.
 * @throws Refusal PST-403 where those kept are no longer the ones that approvals speak for (I1)
 */
export function recordBytesOf(journal: Queries, job: string): Uint8Array {
  const bytes = journal.recordBytes(job);
  if (bytes === undefined) throw new Error(`the record of job ${job} is not here`);
  if (hash('sha256', bytes, 'hex') !== journal.job(job)?.record_sha256)
    throw new Refusal(
      problem('PST-403', `the record kept for job ${job} is not the one that came in`, { reason: 'record-mismatch' }),
    );
  return bytes;
}

/** @throws Refusal as `recordBytesOf` */
export function recordOf(journal: Queries, job: string): PersonalisationRecord {
  const parsed = parseRecord(recordBytesOf(journal, job));
  if (!parsed.ok) throw new Error(`the stored record of job ${job} does not parse`);
  return parsed.value.record;
}

/** Both lines as this job's page must carry them on this booklet. */
export function intendedMrz(
  settings: Config,
  journal: Queries,
  job: string,
  booklet: string,
): readonly [string, string] {
  const mrz = composeTd3(recordOf(journal, job), booklet, mrzOptions(settings));
  if (!mrz.ok) throw new Error(`the stored record of job ${job} has no MRZ form`);
  return mrz.value.lines;
}

export async function renderPage(
  settings: Config,
  journal: Queries,
  job: string,
  booklet: string,
  dpi: number,
): Promise<RenderedPage> {
  const record = recordOf(journal, job);
  const pdf = renderDataPage({
    record,
    documentNumber: booklet,
    mrz: intendedMrz(settings, journal, job, booklet),
    specimen: settings.simulated,
    template: STANDARD_TEMPLATE,
  });
  return { bitmap: await rasterise(pdf, dpi), sha256: createHash('sha256').update(pdf).digest('hex') };
}
