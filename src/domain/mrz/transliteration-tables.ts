/**
 * The tables of Doc 9303-3 s6 in the data's own shape: `A: 'ÀÁ...'` means that each of these characters becomes `A`.
 * Where the standard leaves a choice, its first entry stands here and the issuer's configuration may name another.
 */
type Table = Readonly<Record<string, string>>;

/** Part A. Issuer's choices: Ä = AE|A, Å = AA|A, Ñ = N|NXX, Ö = OE|O, Ü = UE|UXX|U. */
const LATIN: Table = {
  A: 'ÀÁÂÃĀĂĄ',
  AA: 'Å',
  AE: 'ÄÆ',
  C: 'ÇĆĈĊČ',
  D: 'ÐĎĐ',
  E: 'ÈÉÊËĒĔĖĘĚ',
  G: 'ĜĞĠĢ',
  H: 'ĤĦ',
  I: 'ÌÍÎÏĨĪĬĮİı',
  IJ: 'Ĳ',
  J: 'Ĵ',
  K: 'Ķ',
  L: 'ĹĻĽĿŁ',
  N: 'ÑŃŅŇŊ',
  O: 'ÒÓÔÕŌŎŐ',
  OE: 'ÖØŒ',
  R: 'ŔŖŘ',
  S: 'ŚŜŞŠ',
  SS: 'ẞ',
  T: 'ŢŤŦ',
  TH: 'Þ',
  U: 'ÙÚÛŨŪŬŮŰŲ',
  UE: 'Ü',
  W: 'Ŵ',
  Y: 'ÝŶŸ',
  Z: 'ŹŻŽ',
};

/**
 * Part B, the general column: Belorussian, Bulgarian, Macedonian, Serbian and Ukrainian exceptions are the issuer's
 * configuration. The soft sign has no entry there; issuers who use the table leave it out, and so does this one.
 */
const CYRILLIC: Table = {
  '': 'Ь',
  A: 'А',
  B: 'Б',
  C: 'Һ',
  CH: 'Ч',
  D: 'ДЂ',
  DZ: 'ЅЏ',
  E: 'ЁЕЭ',
  F: 'Ф',
  G: 'ГҐҒ',
  I: 'ІЇИЙ',
  IA: 'Я',
  IE: 'ЄЪ',
  IU: 'Ю',
  J: 'Ј',
  K: 'КЌ',
  KH: 'Х',
  L: 'Л',
  LJ: 'Љ',
  M: 'М',
  N: 'Н',
  NJ: 'Њ',
  O: 'О',
  P: 'П',
  R: 'Р',
  S: 'С',
  SH: 'Ш',
  SHCH: 'Щ',
  T: 'Т',
  TS: 'Ц',
  U: 'ЎУѪ',
  V: 'В',
  Y: 'ЫѴ',
  Z: 'З',
  ZH: 'Ж',
};

/** Part C, as code points: the letters join and their order on a screen says little. */
const ARABIC: Readonly<Record<number, string>> = {
  1569: 'XE',
  1570: 'XAA',
  1571: 'XAE',
  1572: 'U',
  1573: 'I',
  1574: 'XI',
  1575: 'A',
  1576: 'B',
  1577: 'XTA',
  1578: 'T',
  1579: 'XTH',
  1580: 'J',
  1581: 'XH',
  1582: 'XKH',
  1583: 'D',
  1584: 'XDH',
  1585: 'R',
  1586: 'Z',
  1587: 'S',
  1588: 'XSH',
  1589: 'XSS',
  1590: 'XDZ',
  1591: 'XTT',
  1592: 'XZZ',
  1593: 'E',
  1594: 'G',
  1601: 'F',
  1602: 'Q',
  1603: 'K',
  1604: 'L',
  1605: 'M',
  1606: 'N',
  1607: 'H',
  1608: 'W',
  1609: 'XAY',
  1610: 'Y',
  1649: 'XXA',
  1657: 'XXT',
  1660: 'XRT',
  1662: 'P',
  1665: 'XKE',
  1669: 'XXH',
  1670: 'XC',
  1672: 'XXD',
  1673: 'XDR',
  1681: 'XXR',
  1683: 'XRR',
  1686: 'XRX',
  1688: 'XJ',
  1690: 'XXS',
  1700: 'V',
  1701: 'XF',
  1705: 'XKK',
  1707: 'XXK',
  1709: 'XNG',
  1711: 'XGG',
  1722: 'XNN',
  1724: 'XXN',
  1726: 'XDO',
  1728: 'XYH',
  1729: 'XXG',
  1730: 'XGE',
  1731: 'XTG',
  1740: 'XYA',
  1741: 'XXY',
  1744: 'Y',
  1746: 'XYB',
  1747: 'XBE',
};

/** "Not encoded": tatweel, the short vowels, sukun, superscript alef, and the obsolete letters of the Maghrib. */
const ARABIC_NOT_ENCODED = [
  0x0640, 0x064b, 0x064c, 0x064d, 0x064e, 0x064f, 0x0650, 0x0652, 0x0670, 0x069c, 0x06a2, 0x06a7, 0x06a8,
];

/** Doubles what stands before it (Doc 9303-3 s6 C, note 3). */
export const SHADDA = '\u0651';
/** XTA inside a name component, XAH at its end (Doc 9303-3 s6 C, note 2). */
export const TEH_MARBUTA = '\u0629';
export const TEH_MARBUTA_AT_END = 'XAH';

const entries = (table: Table): [string, string][] =>
  Object.entries(table).flatMap(([latin, characters]) => [...characters].map((c): [string, string] => [c, latin]));

/** Upper-case national character (NFC) to letters `A-Z`, or to nothing where the standard encodes nothing. */
export const TRANSLITERATION: ReadonlyMap<string, string> = new Map([
  ...entries(LATIN),
  ...entries(CYRILLIC),
  ...Object.entries(ARABIC).map(([code, latin]): [string, string] => [String.fromCodePoint(Number(code)), latin]),
  ...ARABIC_NOT_ENCODED.map((code): [string, string] => [String.fromCodePoint(code), '']),
]);
