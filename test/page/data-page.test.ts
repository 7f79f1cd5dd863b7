import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import { SAMPLE_MRZ, samplePage, sampleRecord } from './sample.ts';
import { textOf } from './text-of.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function refusalOf(render: () => unknown): Refusal {
  try {
    render();
  } catch (refused) {
    if (refused instanceof Refusal) return refused;
    throw refused;
  }
  throw new Error('nothing was refused');
}

describe('the bytes of a page', () => {
  test('are the same in every process', () => {
    const program = `
      import { createHash } from 'node:crypto';
      import { samplePage } from ${JSON.stringify(new URL('./sample.ts', import.meta.url).href)};
      process.stdout.write(createHash('sha256').update(samplePage()).digest('hex'));`;
    const elsewhere = (timeZone: string) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { ...process.env, TZ: timeZone },
      });
    const here = sha256(samplePage());
    expect(elsewhere('Asia/Jakarta')).toBe(here);
    expect(elsewhere('UTC')).toBe(here);
  });

  test('do not depend on the pages made before', () => {
    const first = sha256(samplePage());
    samplePage(sampleRecord({ primaryIdentifier: 'ŁĘTOWSKA', secondaryIdentifier: null }), { specimen: true });
    expect(sha256(samplePage())).toBe(first);
  });

  test('change with the record, the number, the MRZ and SPECIMEN', () => {
    const pages = [
      samplePage(),
      samplePage(sampleRecord({ sex: 'M' })),
      samplePage(sampleRecord(), { documentNumber: 'L898902C4' }),
      samplePage(sampleRecord(), { mrz: [SAMPLE_MRZ[0], SAMPLE_MRZ[1].replace('10', '11')] }),
      samplePage(sampleRecord(), { specimen: true }),
    ];
    expect(new Set(pages.map(sha256)).size).toBe(pages.length);
  });

  test('hold both fonts whole and portrait JPEGs as they were taken', () => {
    const record = sampleRecord();
    const pdf = Buffer.from(samplePage(record));
    const dejavu = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
    expect(pdf.includes(readFileSync(dejavu))).toBe(true);
    expect(pdf.includes(readFileSync(new URL('../../src/page/fonts/OCRB.otf', import.meta.url)))).toBe(true);
    expect(pdf.includes(Buffer.from(record.portrait.data, 'base64'))).toBe(true);
    expect(pdf.toString('latin1')).not.toMatch(/\/BaseFont \/[A-Z]{6}\+/);
  });
});

describe('the text of a page', () => {
  test('has the fields in ICAO order under captions in both languages', async () => {
    const text = await textOf(samplePage());
    const inOrder = [
      'Jenis / Type',
      'UTO',
      'L898902C3',
      'Nama keluarga / Surname',
      'ERIKSSON',
      'Nama depan / Given names',
      'ANNA MARIA',
      'Kewarganegaraan / Nationality',
      'Tanggal lahir / Date of birth',
      '12 AUG 1974',
      'Nomor pribadi / Personal No.',
      'ZE184226B',
      'Jenis kelamin / Sex',
      'Tempat lahir / Place of birth',
      'ZENITH',
      'Tanggal pengeluaran / Date of issue',
      '20 NOV 2026',
      'Kantor yang mengeluarkan / Authority',
      'PASSPORT OFFICE',
      'Tanggal habis berlaku / Date of expiry',
      '19 NOV 2036',
    ];
    let from = 0;
    for (const part of inOrder) {
      const at = text.indexOf(part, from);
      expect(at, part).toBeGreaterThanOrEqual(0);
      from = at + part.length;
    }
  });

  test('has no caption for what is absent', async () => {
    const text = await textOf(samplePage(sampleRecord({ secondaryIdentifier: null, personalNumber: null })));
    expect(text).not.toContain('Given names');
    expect(text).not.toContain('Surname');
    expect(text).not.toContain('Personal No.');
    expect(text).toContain('Nama / Name');
    expect(text).toContain('ERIKSSON');
  });

  test.each([
    ['1974-08-XX', 'XX AUG 1974'],
    ['1974-XX-XX', 'XX XX 1974'],
    ['XXXX-XX-XX', 'XX XX XXXX'],
  ])('shows a birth date of %s as %s', async (dateOfBirth, shown) => {
    expect(await textOf(samplePage(sampleRecord({ dateOfBirth })))).toContain(shown);
  });

  test('composes what was typed as letter and mark', async () => {
    expect(await textOf(samplePage(sampleRecord({ primaryIdentifier: 'A\u030ANGSTRO\u0308M' })))).toContain('ÅNGSTRÖM');
  });

  test('names the State and the kind of document in both languages', async () => {
    const document = { code: 'PD', issuingState: 'IDN', type: 'diplomatic' };
    const text = await textOf(samplePage(sampleRecord({}, { document })));
    expect(text).toContain('REPUBLIK INDONESIA');
    expect(text).toContain('REPUBLIC OF INDONESIA');
    expect(text).toContain('PASPOR DIPLOMATIK');
    expect(text).toContain('DIPLOMATIC PASSPORT');
  });

  test('has every letter of values that need two lines', async () => {
    const primaryIdentifier = 'PAPANDROPOULOUS WOOLOOMOOLOO VON DER WARRANDYTE-BENNELONG';
    const text = await textOf(samplePage(sampleRecord({ primaryIdentifier })));
    const letters = (words: string) => words.replace(/[^A-Z]/g, '');
    expect(letters(text)).toContain(letters(primaryIdentifier));
  });
});

describe('a page that cannot be made', () => {
  test('is refused when a value does not fit, never clipped', () => {
    const refused = refusalOf(() => samplePage(sampleRecord({ primaryIdentifier: 'W'.repeat(60) })));
    expect(refused.problem.code).toBe('PST-122');
    expect(refused.problem.errors?.map(({ path }) => path)).toEqual(['holder.primaryIdentifier']);
  });

  test.each(['P<UTO', `${'A'.repeat(43)}a`, 'A'.repeat(45)])('is refused for the MRZ line %s', (line) => {
    const refused = refusalOf(() => samplePage(sampleRecord(), { mrz: [SAMPLE_MRZ[0], line] }));
    expect(refused.problem.code).toBe('PST-124');
    expect(refused.message).not.toContain(line);
  });

  test('is refused for a portrait that is none', () => {
    const portrait = { mediaType: 'image/jpeg', data: 'AAAA' } as const;
    expect(refusalOf(() => samplePage(sampleRecord({}, { portrait }))).problem.code).toBe('PST-120');
  });
});
