import { DOCUMENT_TYPES } from '../src/domain/document-code.ts';
import type { PersonalisationRecord } from '../src/domain/record.ts';
import { drawnPortrait, drawnSignature } from './applicant-pictures.ts';
import { type SeededRandom, seededRandom } from './random.ts';

/** A person who does not exist, and the passport of Utopia that they apply for: the record without its pictures. */
export interface FictitiousApplicant extends Omit<PersonalisationRecord, 'schema' | 'portrait' | 'signature'> {
  /** Group id shared by a family; null for a single applicant. */
  readonly family: string | null;
  /** What the pictures are drawn from. */
  readonly pictureSeed: number;
}

/** JPEG or PNG files, as bytes. */
export interface ApplicantPictures {
  readonly portrait: Uint8Array;
  readonly signature: Uint8Array;
}

export interface ApplicantOptions {
  /** `YYYY-MM-DD`; the book expires ten years later less a day. 2026-11-20 when not given. */
  readonly dateOfIssue?: string;
}

/**
 * `count` fictitious applicants, always the same for the same seed. Among every sixteen there are a single name, a name
 * too long for the machine readable zone, national letters, apostrophes and hyphens, partly unknown dates of birth, no
 * personal number and at least one family.
 */
export function fictitiousApplicants(
  seed: number,
  count: number,
  options: ApplicantOptions = {},
): FictitiousApplicant[] {
  const random = seededRandom(seed);
  const issue = options.dateOfIssue ?? '2026-11-20';
  const applicants: FictitiousApplicant[] = [];
  let family: { readonly id: string; readonly name: string; left: number } | null = null;
  for (let index = 0; index < count; index += 1) {
    const kind = index % 16;
    if (kind === 8 || (kind === 12 && random.int(2) === 0)) {
      family = {
        id: `family-${seed}-${index}`,
        name: random.pick([...PLAIN_NAMES, ...NATIONAL_NAMES]),
        left: 2 + random.int(3),
      };
    }
    const member = family !== null && family.left > 0 ? family : null;
    if (member !== null) member.left -= 1;
    const [primaryIdentifier, secondaryIdentifier] = nameOf(kind, member?.name ?? null, random);
    const code = documentCode(kind, random);
    applicants.push({
      application: `99${String(Math.abs(seed) % 1_000_000).padStart(6, '0')}${String(index + 1).padStart(8, '0')}`,
      document: { code, issuingState: 'UTO', type: DOCUMENT_TYPES.get(code) ?? 'ordinary' },
      holder: {
        primaryIdentifier,
        secondaryIdentifier,
        nationality: NATIONALITY[code] ?? 'UTO',
        dateOfBirth: dateOfBirth(kind, issue, random),
        sex: random.int(40) === 0 ? 'X' : random.pick(['F', 'M'] as const),
        placeOfBirth: random.pick(PLACES),
        personalNumber: random.int(4) === 0 || kind === 3 ? null : personalNumber(random),
      },
      validity: { dateOfIssue: issue, dateOfExpiry: tenYearsLessADay(issue) },
      authority: random.pick(AUTHORITIES),
      family: member?.id ?? null,
      pictureSeed: random.int(0x1_0000_0000),
    });
  }
  return applicants;
}

export const applicantPictures = (applicant: FictitiousApplicant): ApplicantPictures => ({
  portrait: drawnPortrait(applicant.pictureSeed),
  signature: drawnSignature(applicant.pictureSeed),
});

/**
 * The applicant's personalisation record as the bytes that an office hands in. Drawing takes some fifty milliseconds: a
 * simulation of thousands of applicants hands pictures in.
 */
export function recordBytes(applicant: FictitiousApplicant, pictures = applicantPictures(applicant)): Uint8Array {
  const { application, document, holder, validity, authority } = applicant;
  const record: PersonalisationRecord = {
    schema: 'passport-record/1',
    application,
    document,
    holder,
    validity,
    authority,
    portrait: { mediaType: 'image/jpeg', data: Buffer.from(pictures.portrait).toString('base64') },
    signature: { mediaType: 'image/png', data: Buffer.from(pictures.signature).toString('base64') },
  };
  return Uint8Array.from(Buffer.from(JSON.stringify(record)));
}

const PLAIN_NAMES = [
  'ERIKSSON',
  'HENG',
  'SANTOSO',
  'WIJAYA',
  'MARTIN',
  'OKAFOR',
  'TANAKA',
  'PRATAMA',
  'SILVA',
  'HALVORSEN',
  'MWANGI',
  'SIREGAR',
];
const NATIONAL_NAMES = [
  'MÜLLER',
  'ÅSTRÖM',
  'ŁUKASZEWSKA',
  'ÞÓRÐARSON',
  'DVOŘÁK',
  'NUÑEZ',
  'ÇELİK',
  'ȘTEFĂNESCU',
  'NGUYỄN',
  'ŐRSI',
];
const PUNCTUATED_NAMES = [
  "O'CONNOR",
  'SMITH-JONES',
  "D'ARTAGNAN",
  'AL-BASRI',
  'VAN DER MUELLEN',
  'SAINT-JUST LÉGER',
  "N'DIAYE-OBI",
];
const SINGLE_NAMES = ['ARKFREITH', 'SATRIYA SUDARPA', 'SUHARTINI', 'BUDIMAN', 'THIRUVENGADAM', 'KUSNADI'];
const LONG_NAMES: readonly (readonly [string, string])[] = [
  ['BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL', 'DINGO POTOROO'],
  ['NILAVADHANANANDA', 'CHAYAPA DEJTHAMRONG KRASUANG'],
  ['PAPANDROPOULOUS', 'JONATHON WARREN TREVOR'],
  ['RAHARDJOKUSUMAWARDHANA', 'MARIA GORETTI PRISKILA ANASTASIA'],
  ['VILARCHAO-FERNANDEZ DE LA TORRE SAN MARTIN', 'JOSÉ RAMÓN'],
];
const GIVEN_NAMES = [
  'ANNA',
  'MARIA',
  'DEBORAH',
  'AGUS',
  'DEWI',
  'JOSÉ',
  'SØREN',
  'ZOË',
  'FATIMA',
  'IBRAHIM',
  'LI',
  'ELŻBIETA',
  'JEAN-LUC',
  'NIA',
  'RIZKY',
  'TJOKORDA',
];
const PLACES = ['ZENITH', 'PORT MERIDIAN', 'SAINT ÉLOI', 'NEW HARBOUR', 'LAKE OBLAST', 'UPPER VALLEY'];
const AUTHORITIES = ['PASSPORT OFFICE', 'PASSPORT OFFICE ZENITH', 'PASSPORT OFFICE PORT MERIDIAN'];
/** Refugees and stateless persons (Doc 9303-3 s5 E). */
const NATIONALITY: Readonly<Record<string, string>> = { PR: 'XXB', PS: 'XXA' };

function nameOf(kind: number, familyName: string | null, random: SeededRandom): readonly [string, string | null] {
  const given = (): string => {
    const names = Array.from({ length: 1 + random.int(3) }, () => random.pick(GIVEN_NAMES));
    return [...new Set(names)].join(' ');
  };
  if (familyName !== null) return [familyName, given()];
  switch (kind) {
    case 1:
      return random.pick(LONG_NAMES);
    case 2:
    case 6:
      return [random.pick(SINGLE_NAMES), null];
    case 4:
    case 13:
      return [random.pick(PUNCTUATED_NAMES), given()];
    case 5:
    case 14:
      return [random.pick(NATIONAL_NAMES), given()];
    default:
      return [random.pick(PLAIN_NAMES), given()];
  }
}

/** All with a second letter of the table: legal whatever the date of issue. */
function documentCode(kind: number, random: SeededRandom): string {
  return kind === 15 ? random.pick(['PE', 'PD', 'PO', 'PR', 'PS']) : 'PP';
}

const two = (number: number): string => String(number).padStart(2, '0');

function dateOfBirth(kind: number, issue: string, random: SeededRandom): string {
  const year = String(Number(issue.slice(0, 4)) - 1 - random.int(89)).padStart(4, '0');
  const [month, day] = [two(1 + random.int(12)), two(1 + random.int(28))];
  if (kind === 0) return `${year}-${month}-XX`;
  if (kind === 7) return random.int(3) === 0 ? 'XXXX-XX-XX' : `${year}-XX-XX`;
  return `${year}-${month}-${day}`;
}

function personalNumber(random: SeededRandom): string {
  const letters = 'ABCDEFGHJKLMNPRSTUVWXYZ';
  return `Z${random.pick([...letters])}${String(random.int(1_000_000)).padStart(6, '0')}${random.pick([...letters])}`;
}

function tenYearsLessADay(issue: string): string {
  const [year, month, day] = issue.split('-').map(Number) as [number, number, number];
  return new Date(Date.UTC(year + 10, month - 1, day - 1)).toISOString().slice(0, 10);
}
