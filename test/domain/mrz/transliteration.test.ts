import { describe, expect, it } from 'vitest';
import { transliterateName, transliterationFaults } from '../../../src/domain/mrz/transliteration.ts';

function mrz(name: string, choices: Record<string, string> = {}): string {
  const latin = transliterateName(name, choices);
  if (!latin.ok) throw new Error(latin.failure);
  return latin.value.join('<');
}

const refusal = (name: string): string => {
  const latin = transliterateName(name);
  return latin.ok ? `accepted as ${latin.value}` : latin.failure;
};

describe('Latin (Doc 9303-3 s6 A)', () => {
  it('covers every letter of Latin-1 and Latin Extended-A that has an upper case', () => {
    const expected =
      'À A Á A Â A Ã A Ä AE Å AA Æ AE Ç C È E É E Ê E Ë E Ì I Í I Î I Ï I Ð D Ñ N Ò O Ó O Ô O Õ O Ö OE Ø OE Ù U Ú U Û U ' +
      'Ü UE Ý Y Þ TH Ā A Ă A Ą A Ć C Ĉ C Ċ C Č C Ď D Đ D Ē E Ĕ E Ė E Ę E Ě E Ĝ G Ğ G Ġ G Ģ G Ĥ H Ħ H Ĩ I Ī I Ĭ I Į I ' +
      'İ I Ĳ IJ Ĵ J Ķ K Ĺ L Ļ L Ľ L Ŀ L Ł L Ń N Ņ N Ň N Ŋ N Ō O Ŏ O Ő O Œ OE Ŕ R Ŗ R Ř R Ś S Ŝ S Ş S Š S Ţ T Ť T Ŧ T ' +
      'Ũ U Ū U Ŭ U Ů U Ű U Ų U Ŵ W Ŷ Y Ÿ Y Ź Z Ż Z Ž Z ẞ SS';
    const pairs = expected.split(' ');
    const covered = new Set<string>();
    for (let at = 0; at < pairs.length; at += 2) {
      const letter = pairs[at]!;
      covered.add(letter);
      expect(mrz(letter), letter).toBe(pairs[at + 1]);
      expect(mrz(letter.toLowerCase()), `lower case of ${letter}`).toBe(pairs[at + 1]);
      expect(mrz(letter.normalize('NFD')), `NFD of ${letter}`).toBe(pairs[at + 1]);
    }
    for (let code = 0xc0; code <= 0x17f; code += 1) {
      const letter = String.fromCodePoint(code);
      const upper = letter.toUpperCase();
      if (/\p{Lu}/u.test(letter) && [...upper].length === 1) expect(covered, letter).toContain(letter);
    }
  });

  it.each([
    ['ı', 'I'],
    ['ß', 'SS'],
    ['Straße', 'STRASSE'],
    ['Þórðarson', 'THORDARSON'],
    ['Dvořák', 'DVORAK'],
    ['Wałęsa', 'WALESA'],
  ])('writes %s as %s', (name, expected) => {
    expect(mrz(name)).toBe(expected);
  });

  it('takes the issuer’s choices, whatever form they are written in', () => {
    expect(mrz('Müller Ñuñez')).toBe('MUELLER<NUNEZ');
    expect(mrz('Müller Ñuñez', { ü: 'UXX', ['Ñ'.normalize('NFD')]: 'NXX' })).toBe('MUXXLLER<NXXUNXXEZ');
    expect(mrz('Ärlig', { Ä: 'A' })).toBe('ARLIG');
    expect(mrz('Weiß', { ß: 'SZ' })).toBe('WEISZ');
  });

  it('drops the marks of letters beyond the table, keeping what the table says of the rest', () => {
    expect(mrz('Țepeș')).toBe('TEPES');
    expect(mrz('Nguyễn')).toBe('NGUYEN');
    expect(mrz('Lǚ')).toBe('LUE');
    expect(mrz('Lǚ', { Ü: 'U' })).toBe('LU');
  });
});

describe('Cyrillic (Doc 9303-3 s6 B)', () => {
  it.each([
    ['Достоевский', 'DOSTOEVSKII'],
    ['Хрущёв', 'KHRUSHCHEV'],
    ['Хрущёв'.normalize('NFD'), 'KHRUSHCHEV'],
    ['Игорь', 'IGOR'],
    ['Юлия', 'IULIIA'],
    ['Подъяпольский', 'PODIEIAPOLSKII'],
    ['Цветаева', 'TSVETAEVA'],
  ])('writes %s as %s', (name, expected) => {
    expect(mrz(name)).toBe(expected);
  });

  it('takes a language’s exceptions as the issuer’s choices', () => {
    expect(mrz('Щукин', { Щ: 'SHT' })).toBe('SHTUKIN');
    expect(mrz('Христић', { Х: 'H', Ћ: 'C' })).toBe('HRISTIC');
  });
});

describe('Arabic (Doc 9303-3 s6 C and Appendix B)', () => {
  it.each([
    ['ابو بكر محمد بن زكريا الرازي', 'ABW<BKR<MXHMD<BN<ZKRYA<ALRAZY'],
    ['جمال عبد الناصر', 'JMAL<EBD<ALNAXSSR'],
    ['عز الدين إسماعيل', 'EZ<ALDYN<ISMAEYL'],
    ['نعيمة جميلة', 'NEYMXAH<JMYLXAH'],
    ['عبّاس', 'EBBAS'],
    ['فضّة', 'FXDZXDZXAH'],
    ['مُحَمَّد', 'MXHMMD'],
    ['محـــمد', 'MXHMD'],
    ['آدم'.normalize('NFD'), 'XAADM'],
  ])('writes %s as %s', (name, expected) => {
    expect(mrz(name)).toBe(expected);
  });

  it('writes teh marbuta inside a component as XTA', () => {
    expect(mrz('فاطمةب')).toBe('FAXTTMXTAB');
  });

  it('refuses a doubling of nothing', () => {
    expect(refusal('\u0651ب')).toBe('has U+0651, which has no transliteration');
  });
});

describe('punctuation (Doc 9303-3 s4.6)', () => {
  it.each([
    ["D'ARTAGNAN", 'DARTAGNAN'],
    ['D’Artagnan', 'DARTAGNAN'],
    ['Kaʻiulani', 'KAIULANI'],
    ['O`Neill', 'ONEILL'],
    ['MARIE-ELISE', 'MARIE<ELISE'],
    ['Marie\u2011Elise', 'MARIE<ELISE'],
    ['Smith–Jones', 'SMITH<JONES'],
    ['ANNA, MARIA', 'ANNA<MARIA'],
    ['ANNA,MARIA', 'ANNA<MARIA'],
    ['J. R. (Bob)', 'J<R<BOB'],
    ['Gal·la', 'GALLA'],
    ['Anna  \u00a0Maria', 'ANNA<MARIA'],
  ])('writes %s as %s', (name, expected) => {
    expect(mrz(name)).toBe(expected);
  });
});

describe('what has no transliteration is refused, never dropped', () => {
  it.each([
    ['王', 'has U+738B, which has no transliteration'],
    ['Παππάς', 'has U+03A0, which has no transliteration'],
    ['Ann𝔸', 'has U+1D538, which has no transliteration'],
    ['A<B', 'has U+003C, which has no transliteration'],
    ['Anna+', 'has U+002B, which has no transliteration'],
    ['Əliyev', 'has U+018F, which has no transliteration'],
    ['Louis 2', 'has a digit, which the machine readable zone forbids in names'],
    ['Louis Ⅱ', 'has a digit, which the machine readable zone forbids in names'],
    ['и\u0301', 'has U+0301, which has no transliteration'],
    ["'-.", 'has no letter for the machine readable zone'],
    ['ь', 'has no letter for the machine readable zone'],
    ['', 'has no letter for the machine readable zone'],
  ])('%s', (name, expected) => {
    expect(refusal(name)).toBe(expected);
  });
});

it('checks configured choices', () => {
  expect(transliterationFaults({ Ä: 'AE', ñ: 'NXX', Ә: 'A' })).toEqual([]);
  expect(transliterationFaults({ A: 'B', AE: 'A', '-': 'X', Ä: '', Ö: 'oe', Ü: 'U<' }).map((e) => e.path)).toEqual(
    ['.A', '.AE', '["-"]', '["Ä"]', '["Ö"]', '["Ü"]'].map((step) => `transliteration${step}`),
  );
});
