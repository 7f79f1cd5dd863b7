const WEIGHTS = [7, 3, 1] as const;

/** The value of one MRZ character: 0-9 themselves, A-Z 10-35, `<` 0; NaN for anything else. */
function characterValue(character: string): number {
  if (character === '<') return 0;
  return /^[0-9A-Z]$/.test(character) ? Number.parseInt(character, 36) : Number.NaN;
}

/**
 * The check digit `0`-`9` over MRZ characters: weights 7, 3, 1 repeating, modulus 10 (Doc 9303-3 s4.9).
 * `null` when a character is none of `A-Z 0-9 <`: such text has no check digit.
 */
export function checkDigit(characters: string): string | null {
  let sum = 0;
  for (let at = 0; at < characters.length; at += 1) {
    sum += characterValue(characters[at]!) * WEIGHTS[at % 3]!;
  }
  return Number.isNaN(sum) ? null : String(sum % 10);
}
