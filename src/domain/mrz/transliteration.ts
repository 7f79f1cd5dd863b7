import type { FieldError } from '../errors.ts';
import { fail, ok, type Result } from '../result.ts';
import { jsonPath } from '../strict-json.ts';
import { SHADDA, TEH_MARBUTA, TEH_MARBUTA_AT_END, TRANSLITERATION } from './transliteration-tables.ts';

/** The issuer's choices, national character to letters `A-Z`, for example `{ Ä: 'A', Ñ: 'NXX' }`; the rest is Doc 9303-3 s6. */
export type TransliterationChoices = Readonly<Record<string, string>>;

/** The small sharp s has a capital of its own in the table; JavaScript would write SS. */
const upperCase = (text: string): string => text.normalize('NFC').replaceAll('ß', 'ẞ').toUpperCase().normalize('NFC');

/** What is wrong with choices configured at `parent`: each names one letter beyond A-Z and gives letters A-Z. */
export function transliterationFaults(choices: TransliterationChoices, parent = 'transliteration'): FieldError[] {
  return Object.entries(choices).flatMap(([character, latin]): FieldError[] => {
    const path = jsonPath(parent, character);
    if (!/^\p{L}$/u.test(upperCase(character)) || /^[A-Z]$/.test(upperCase(character))) {
      return [{ path, message: 'is not one letter beyond A-Z' }];
    }
    return /^[A-Z]{1,8}$/.test(latin) ? [] : [{ path, message: 'does not give 1-8 letters A-Z' }];
  });
}

/**
 * A name in national spelling as MRZ components of letters `A-Z` (Doc 9303-3 s4.6 and s6): spaces, hyphens and commas
 * separate components, other punctuation is left out. Fails with the reason when a character has no transliteration or
 * nothing is left. The same for NFC and NFD, upper and lower case.
 */
export function transliterateName(name: string, choices: TransliterationChoices = {}): Result<string[], string> {
  const chosen = new Map(Object.entries(choices).map(([character, latin]) => [upperCase(character), latin]));
  const components: string[] = [];
  for (const component of upperCase(name).split(/[\p{Zs}\p{Pd},،]+/u)) {
    const latin = transliterateComponent(component, chosen);
    if (!latin.ok) return latin;
    if (latin.value !== '') components.push(latin.value);
  }
  return components.length > 0 ? ok(components) : fail('has no letter for the machine readable zone');
}

function transliterateComponent(component: string, chosen: ReadonlyMap<string, string>): Result<string, string> {
  // Punctuation goes first, so that a letter before a closing bracket is still the last of its component.
  const characters = component.replace(PUNCTUATION, '').match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
  let latin = '';
  let previous = '';
  for (const [at, character] of characters.entries()) {
    for (const part of parts(character, chosen)) {
      const letters = part === SHADDA ? previous : lettersOf(part, chosen, at === characters.length - 1);
      if (letters === undefined || (part === SHADDA && letters === '')) return fail(reason(part));
      latin += letters;
      if (letters !== '') previous = letters;
    }
  }
  return ok(latin);
}

/** Apostrophes are also written with modifier letters and accents that stand alone. */
const PUNCTUATION = /[\p{P}\u02b9-\u02bf`´]/gu;

/** A Latin letter counts together with its marks; in other scripts each mark has an entry of its own. */
const parts = (character: string, chosen: ReadonlyMap<string, string>): readonly string[] =>
  chosen.has(character) || /^\p{Script=Latin}/u.test(character) ? [character] : [...character];

function lettersOf(character: string, chosen: ReadonlyMap<string, string>, last: boolean): string | undefined {
  const choice = chosen.get(character);
  if (choice !== undefined) return choice;
  if (character === TEH_MARBUTA && last) return TEH_MARBUTA_AT_END;
  const listed = /^[A-Z]$/.test(character) ? character : TRANSLITERATION.get(character);
  if (listed !== undefined || !/^\p{Script=Latin}/u.test(character)) return listed;
  // Latin letters beyond the table lose their marks one by one (s4.3 permits none): Ǖ is read as Ü, Ș as S.
  const decomposed = [...character.normalize('NFD')];
  const withoutLastMark = decomposed.slice(0, -1).join('').normalize('NFC');
  return decomposed.length > 1 ? lettersOf(withoutLastMark, chosen, last) : undefined;
}

function reason(character: string): string {
  if (/\p{N}/u.test(character)) return 'has a digit, which the machine readable zone forbids in names';
  const codePoints = [...character].map((c) => `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return `has ${codePoints.join(' ')}, which has no transliteration`;
}
