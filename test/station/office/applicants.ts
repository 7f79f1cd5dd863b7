import jpeg from 'jpeg-js';
import {
  applicantPictures,
  type FictitiousApplicant,
  fictitiousApplicants,
  recordBytes,
} from '../../../mocks/applicants.ts';

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

/** One pixel in nine: a portrait is decoded at every intake, and these tests look at ink, not at faces. */
function smaller(portrait: Uint8Array): Uint8Array {
  const whole = jpeg.decode(portrait);
  const [width, height] = [Math.floor(whole.width / 3), Math.floor(whole.height / 3)];
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (3 * y * whole.width + 3 * x) * 4;
      data.set(whole.data.subarray(from, from + 4), (y * width + x) * 4);
    }
  return jpeg.encode({ width, height, data }, 90).data;
}

/** Their record, drawn once a process. */
export function recordOf(n: number): Uint8Array {
  const known = drawn.get(n);
  if (known !== undefined) return known;
  const { portrait, signature } = applicantPictures(applicant(n));
  const bytes = recordBytes(applicant(n), { portrait: smaller(portrait), signature });
  drawn.set(n, bytes);
  return bytes;
}
