import { type FictitiousApplicant, fictitiousApplicants, recordBytes } from '../../../mocks/applicants.ts';

const SEED = 11;
const COUNT = 24;

let applicants: readonly FictitiousApplicant[] | null = null;
const drawn = new Map<number, Uint8Array>();

/** The n-th fictitious applicant of Utopia (from 0), always the same person. */
export function applicant(n: number): FictitiousApplicant {
  applicants ??= fictitiousApplicants(SEED, COUNT);
  const one = applicants[n];
  if (one === undefined) throw new RangeError(`there are ${COUNT} applicants`);
  return one;
}

/** Their record, drawn once a process: pictures take some fifty milliseconds. */
export function recordOf(n: number): Uint8Array {
  const known = drawn.get(n);
  if (known !== undefined) return known;
  const bytes = recordBytes(applicant(n));
  drawn.set(n, bytes);
  return bytes;
}
