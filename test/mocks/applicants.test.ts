import { createHash } from 'node:crypto';
import { decode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { applicantPictures, fictitiousApplicants, recordBytes } from '../../mocks/applicants.ts';
import { seededRandom } from '../../mocks/random.ts';
import { td3Faults } from '../../src/domain/mrz/td3.ts';
import { parseRecord, specimenRule } from '../../src/domain/record.ts';

const tiny = { portrait: new Uint8Array([0xff, 0xd8]), signature: new Uint8Array([0x89, 0x50]) };

describe('fictitious applicants', () => {
  it('are the same for the same seed and others for another', () => {
    expect(fictitiousApplicants(7, 50)).toEqual(fictitiousApplicants(7, 50));
    expect(fictitiousApplicants(7, 20)).toEqual(fictitiousApplicants(7, 50).slice(0, 20));
    expect(fictitiousApplicants(7, 50)).not.toEqual(fictitiousApplicants(8, 50));
  });

  it.each(['2026-11-20', '2027-12-31', '2028-02-29'])(
    'issued %s all have acceptable records and a zone',
    (dateOfIssue) => {
      const applicants = fictitiousApplicants(1, 2000, { dateOfIssue });
      for (const applicant of applicants) {
        const parsed = parseRecord(recordBytes(applicant, tiny));
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure));
        expect(td3Faults(parsed.value.record, { emptyOptionalCheckDigit: '0' })).toEqual([]);
        expect(specimenRule(parsed.value.record, true)).toBeNull();
      }
      expect(new Set(applicants.map((a) => a.application)).size).toBe(2000);
    },
  );

  it.each([1, 2, 3, 4, 5])('cover the unusual within sixteen, seed %i', (seed) => {
    const applicants = fictitiousApplicants(seed, 16);
    const names = applicants.map((a) => `${a.holder.primaryIdentifier}<<${a.holder.secondaryIdentifier ?? ''}`);
    expect(applicants.some((a) => a.holder.secondaryIdentifier === null)).toBe(true);
    expect(names.some((name) => name.length >= 39)).toBe(true);
    expect(names.some((name) => /[^ -~]/.test(name))).toBe(true);
    expect(names.some((name) => /['-]/.test(name))).toBe(true);
    expect(applicants.some((a) => a.holder.dateOfBirth.includes('XX'))).toBe(true);
    expect(applicants.some((a) => a.holder.personalNumber === null)).toBe(true);
    const families = Map.groupBy(
      applicants.filter((a) => a.family !== null),
      (a) => a.family,
    );
    expect(families.size).toBeGreaterThan(0);
    for (const members of families.values()) {
      expect(new Set(members.map((a) => a.holder.primaryIdentifier)).size).toBe(1);
    }
  });
});

describe('their pictures', () => {
  const applicants = fictitiousApplicants(3, 6);

  it('are small, decodable and different for each', () => {
    const seen = new Set<string>();
    for (const applicant of applicants) {
      const { portrait, signature } = applicantPictures(applicant);
      expect(decode(portrait, { useTArray: true })).toMatchObject({ width: 413, height: 531 });
      expect(PNG.sync.read(Buffer.from(signature))).toMatchObject({ width: 420, height: 120 });
      expect(portrait.length).toBeLessThan(40_000);
      expect(signature.length).toBeLessThan(40_000);
      for (const picture of [portrait, signature]) seen.add(createHash('sha256').update(picture).digest('hex'));
    }
    expect(seen.size).toBe(12);
  });

  it('make the same record bytes every time', () => {
    const applicant = applicants[0]!;
    const bytes = recordBytes(applicant);
    expect(Buffer.compare(bytes, recordBytes(applicant))).toBe(0);
    expect(parseRecord(bytes).ok).toBe(true);
    expect(bytes.length).toBeLessThan(110_000);
  });
});

describe('seeded randomness', () => {
  it('is even, within bounds, and unrelated for neighbouring seeds', () => {
    const random = seededRandom(42);
    const counts = Array<number>(10).fill(0);
    for (let draw = 0; draw < 100_000; draw += 1) counts[random.int(10)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    const mean = (seed: number): number => {
      const source = seededRandom(seed);
      return Array.from({ length: 8 }, () => source.next()).reduce((sum, n) => sum + n, 0);
    };
    expect(new Set([0, 1, 2, 3, 4, 2 ** 32].map(mean)).size).toBe(6);
    expect(seededRandom(1).bytes(16)).toEqual(seededRandom(1).bytes(16));
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
