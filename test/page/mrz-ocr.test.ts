import { describe, expect, test } from 'vitest';
import { rasterise } from '../../src/page/rasterise.ts';
import { agreement, fold, readWithTesseract } from '../mrz-ocr.ts';
import { redrawn } from './ink.ts';
import { samplePage, sampleRecord } from './sample.ts';

const NAMES = [
  'ERIKSSON<<ANNA<MARIA',
  'HENG<<DEBORAH<MING<LO',
  'SMITH<JONES<<SUSIE<MARGARET',
  'OCONNOR<<ENYA<SIOBHAN',
  'VAN<DER<MUELLEN<<MARTIN',
  'AL<BASRI<<HUDA<MUHAMMAD<JAWAD',
  'VILARCHAO<FERNANDEZ<<JOSE<RAMON',
  'ARKFREITH',
  'SATRIYA<SUDARPA',
  'PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR',
  'NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K',
  'BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI',
  'SUHARTINI',
  'WIJAYA<<BAMBANG',
  'XIU<<LI',
  'QUIRKE<<ZSAZSA',
  'SITI<NURHALIZA',
  'KUSUMA<<DEWI',
  'YUDHOYONO<<KARTIKA',
  'GIBSON<<BOB',
] as const;

const LINES = NAMES.map(
  (name, index) =>
    [
      `P<UTO${name}`.padEnd(44, '<'),
      `L${String(898902 + index * 7919).padStart(8, '0')}${index % 10}UTO74${String(index + 10)}12${index % 7}${'FM<'[index % 3]}3611193ZE${index}4226B`
        .padEnd(42, '<')
        .concat(`${index % 10}${(index * 3) % 10}`),
    ] as const,
);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an OCR engine that nobody here wrote', () => {
  test.each([{ dpi: 180 }, { dpi: 360 }])(
    'agrees with at least 98 of 100 printed characters at $dpi dpi',
    async ({ dpi }) => {
      const pages = [];
      for (const mrz of LINES) pages.push(await rasterise(samplePage(sampleRecord(), { mrz, specimen: true }), dpi));
      const read = await readWithTesseract(pages);
      const shares = read.map((lines, index) => agreement(lines, LINES[index]!));
      expect(mean(shares)).toBeGreaterThanOrEqual(0.98);
      // The judge can say no: the same readings against the next page's lines.
      const crossed = read.map((lines, index) => agreement(lines, LINES[(index + 1) % LINES.length]!));
      expect(mean(crossed)).toBeLessThan(0.9);
    },
    120_000,
  );

  test('reads nothing where nothing is printed', async () => {
    const page = await rasterise(samplePage(), 180);
    const [lines] = await readWithTesseract([redrawn(page, () => false)]);
    expect(agreement(lines!, LINES[0]!)).toBe(0);
  });

  test('is folded only where letters and digits look alike', () => {
    expect(fold('OQD0I1Z2S5B8G6')).toBe('00001122558866');
    expect(fold('ACEFHJKLMNPRTUVWXY3479<')).toBe('ACEFHJKLMNPRTUVWXY3479<');
    expect(agreement(['ABC'], ['ABD', 'EF'])).toBeCloseTo(2 / 5);
    expect(agreement(['ABCX'], ['ABC'])).toBeCloseTo(3 / 4);
  });
});
