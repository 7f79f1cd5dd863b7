import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeNameField, type Truncation } from '../../../src/domain/mrz/names.ts';
import { composeTd3 } from '../../../src/domain/mrz/td3.ts';
import { specimenRecord } from './specimen-record.ts';

function upperLine(primary: string, secondary: string | null, truncation?: Truncation): string {
  const record = specimenRecord({
    document: { code: 'PP' },
    holder: { primaryIdentifier: primary, secondaryIdentifier: secondary },
  });
  const composed = composeTd3(record, 'X1', { emptyOptionalCheckDigit: '0', ...(truncation ? { truncation } : {}) });
  if (!composed.ok) throw new Error(JSON.stringify(composed.failure));
  return composed.value.lines[0];
}

describe('names as Doc 9303-4 s4.2.3.1 writes them', () => {
  it.each([
    ['ERIKSSON', 'ANNA MARIA', 'PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'],
    ['Heng', 'Deborah Ming Lo', 'PPUTOHENG<<DEBORAH<MING<LO<<<<<<<<<<<<<<<<<<'],
    ['Smith-Jones', 'Susie Margaret', 'PPUTOSMITH<JONES<<SUSIE<MARGARET<<<<<<<<<<<<'],
    ["O'Connor", 'Enya Siobhan', 'PPUTOOCONNOR<<ENYA<SIOBHAN<<<<<<<<<<<<<<<<<<'],
    ['van der Muellen', 'Martin', 'PPUTOVAN<DER<MUELLEN<<MARTIN<<<<<<<<<<<<<<<<'],
    ['Al-Basri', 'Huda Muhammad Jawad', 'PPUTOAL<BASRI<<HUDA<MUHAMMAD<JAWAD<<<<<<<<<<'],
    ['Vilarchao Fernandez', 'Jose Ramon', 'PPUTOVILARCHAO<FERNANDEZ<<JOSE<RAMON<<<<<<<<'],
    ['Arkfreith', null, 'PPUTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<'],
    ['Satriya Sudarpa', null, 'PPUTOSATRIYA<SUDARPA<<<<<<<<<<<<<<<<<<<<<<<<'],
    ['Papandropoulous', 'Jonathon Warren Trevor', 'PPUTOPAPANDROPOULOUS<<JONATHON<WARREN<TREVOR'],
  ])('%s, %s', (primary, secondary, expected) => {
    expect(expected).toHaveLength(44);
    expect(upperLine(primary, secondary)).toBe(expected);
  });
});

describe('names that are cut as Doc 9303-4 s4.2.3.2-3 shows', () => {
  const bennelong = 'BENNELONG WOOLOOMOOLOO WARRANDYTE WARNAMBOOL';

  it.each([
    ['NILAVADHANANANDA', 'CHAYAPA DEJTHAMRONG KRASUANG', undefined, 'PPUTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K'],
    ['NILAVADHANANANDA', 'ARNPOL PETCH CHARONGUANG', undefined, 'PPUTONILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU'],
    [bennelong, 'DINGO POTOROO', undefined, 'PPUTOBENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI'],
    [bennelong, 'DINGO POTOROO', 'initials', 'PPUTOBENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI'],
    [bennelong, 'DINGO POTOROO', 'components', 'PPUTOBENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO'],
    [bennelong, 'DINGO POTOROO', 'fixed', 'PPUTOBENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO'],
  ] as const)('%s, %s, %s', (primary, secondary, truncation, expected) => {
    expect(upperLine(primary, secondary, truncation)).toBe(expected);
  });
});

describe('every cut', () => {
  const component = fc.string({ unit: fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), minLength: 1, maxLength: 44 });
  const short = fc.string({ unit: fc.constantFrom(...'ABC'), minLength: 1, maxLength: 3 });
  const primaries = fc.oneof(
    fc.array(component, { minLength: 1, maxLength: 5 }),
    fc.array(short, { minLength: 1, maxLength: 25 }),
  );
  const secondaries = fc.oneof(fc.array(component, { maxLength: 5 }), fc.array(short, { maxLength: 25 }));

  const startsOf = (cut: readonly string[], whole: readonly string[]): boolean =>
    cut.length <= whole.length && cut.every((part, at) => part.length > 0 && whole[at]!.startsWith(part));

  it.each(['initials', 'components', 'fixed'] as const)(
    'by %s keeps the rules of Doc 9303-4 s4.2.2.1',
    (truncation) => {
      let cuts = 0;
      fc.assert(
        fc.property(primaries, secondaries, (primary, secondary) => {
          const composed = composeNameField(primary, secondary, truncation);
          const whole = [primary, secondary].filter((side) => side.length > 0).map((side) => side.join('<'));
          if (!composed.ok) {
            // Only where every component that could give way is an initial already.
            expect(Math.max(...primary.map((p) => p.length))).toBe(1);
            return;
          }
          const field = composed.value;
          expect(field).toMatch(/^[A-Z<]{39}$/);
          if (whole.join('<<').length <= 39) {
            expect(field).toBe(whole.join('<<').padEnd(39, '<'));
            return;
          }
          cuts += 1;
          expect(field).toMatch(/[A-Z]$/);
          const sides = field.split('<<').map((side) => side.split('<'));
          expect(sides).toHaveLength(whole.length);
          expect(startsOf(sides[0]!, primary)).toBe(true);
          if (secondary.length > 0) expect(startsOf(sides[1]!, secondary)).toBe(true);
          if (secondary.length > 0 && primary.length <= 18) expect(sides[0]).toHaveLength(primary.length);
        }),
        { numRuns: 3000 },
      );
      expect(cuts).toBeGreaterThan(1000);
    },
  );

  it('of a primary identifier that fits takes from the secondary only', () => {
    expect(composeNameField(['ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ'], ['ZOE'])).toEqual({
      ok: true,
      value: 'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJ<<Z',
    });
  });

  it('that falls on a filler shortens a component, so that position 44 is a letter', () => {
    expect(composeNameField(['NILAVADHANANANDA'], ['CHAYAPAX', 'DEJTHAMRONG', 'KRASUANG'])).toEqual({
      ok: true,
      value: 'NILAVADHANANANDA<<CHAYAPAX<DEJTHAMRON<K',
    });
  });

  it('is refused where initials alone cannot end with a letter', () => {
    expect(composeNameField(Array(12).fill('A'), Array(12).fill('B')).ok).toBe(false);
  });
});
