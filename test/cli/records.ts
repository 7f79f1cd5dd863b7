import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fictitiousApplicants, recordBytes } from '../../mocks/index.ts';

export const APPLICANTS = fictitiousApplicants(7, 3);
export const RECORDS = APPLICANTS.map((applicant) => recordBytes(applicant));

/** Writes the records of fictitious applicants beside the configuration; their paths. */
export const recordFiles = (stationFile: string): string[] =>
  RECORDS.map((bytes, index) => {
    const file = join(dirname(stationFile), `record-${index + 1}.json`);
    writeFileSync(file, bytes);
    return file;
  });
