import { fail, ok, type Result } from '../result.ts';

/** Characters of the name field in a TD3 upper line, positions 6-44. */
export const NAME_FIELD = 39;
const SEPARATOR = '<<';
/** Room for a primary identifier that still lets `<<` and one letter of the secondary follow. */
const PRIMARY_AT_MOST = NAME_FIELD - SEPARATOR.length - 1;

/**
 * How a primary identifier that is too long gives way; all three are examples of Doc 9303-4 s4.2.3.3.
 * - `initials` (a): components become initials, from the last one back, until a letter of the secondary fits
 * - `components` (b): all but the first component are cut evenly until the first given name fits whole
 * - `fixed` (c): all components are cut to one length that lets every given name begin
 */
export type Truncation = 'initials' | 'components' | 'fixed';

/**
 * The 39 characters of the name field from components of letters `A-Z` (Doc 9303-4 s4.2.2.1 and s4.2.3): never cut when
 * all fits; a cut one ends with a letter in position 44. Fails only where no cut can do that.
 */
export function composeNameField(
  primary: readonly string[],
  secondary: readonly string[],
  truncation: Truncation = 'initials',
): Result<string, string> {
  const whole = join(primary, secondary);
  if (whole.length <= NAME_FIELD) return ok(whole.padEnd(NAME_FIELD, '<'));
  const lengths =
    secondary.length > 0 && textLength(primary) > PRIMARY_AT_MOST
      ? cutPrimary(primary, secondary, truncation)
      : primary.map((component) => component.length);
  return endWithLetter(giveBack(cut(primary, lengths), primary, secondary), secondary);
}

const NO_CUT = 'cannot be cut so that the name field ends with a letter';

const textLength = (components: readonly string[]): number => components.join('<').length;

const join = (primary: readonly string[], secondary: readonly string[]): string =>
  secondary.length === 0 ? primary.join('<') : `${primary.join('<')}${SEPARATOR}${secondary.join('<')}`;

const cut = (components: readonly string[], lengths: readonly number[]): string[] =>
  lengths.map((length, at) => components[at]!.slice(0, length));

const total = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length + 1, -1);

function cutPrimary(primary: readonly string[], secondary: readonly string[], truncation: Truncation): number[] {
  const full = primary.map((component) => component.length);
  if (truncation === 'components') {
    const room = NAME_FIELD - SEPARATOR.length - secondary[0]!.length;
    const rest = level(full.slice(1), room - full[0]! - 1);
    if (rest !== undefined && rest.length > 0) return [full[0]!, ...rest];
  }
  if (truncation === 'fixed') {
    // Every given name begins when all before the last, their fillers and one letter fit.
    const room = NAME_FIELD - SEPARATOR.length - textLength([...secondary.slice(0, -1), 'X']);
    for (let each = Math.max(...full); each > 0; each -= 1) {
      const lengths = full.map((length) => Math.min(length, each));
      if (total(lengths) <= room) return lengths;
    }
  }
  return initials(full);
}

function initials(full: readonly number[]): number[] {
  // More than 18 components do not fit even as initials.
  const lengths = full.slice(0, PRIMARY_AT_MOST / 2);
  for (let at = lengths.length - 1; at > 0 && total(lengths) > PRIMARY_AT_MOST; at -= 1) lengths[at] = 1;
  lengths[0] = Math.max(1, lengths[0]! - Math.max(0, total(lengths) - PRIMARY_AT_MOST));
  return lengths;
}

/** Takes letters from the longest component, the last of equals first, until all fit; `undefined` when they cannot. */
function level(full: readonly number[], room: number): number[] | undefined {
  const lengths = [...full];
  while (total(lengths) > room) {
    const longest = Math.max(...lengths);
    if (longest <= 1) return undefined;
    lengths[lengths.lastIndexOf(longest)] = longest - 1;
  }
  return lengths;
}

/** A cut that freed more than the secondary needs returns letters, leftmost component first: position 44 is a letter. */
function giveBack(shortened: readonly string[], primary: readonly string[], secondary: readonly string[]): string[] {
  const restored = [...shortened];
  for (const [at, component] of restored.entries()) {
    const free = Math.max(0, NAME_FIELD - join(restored, secondary).length);
    restored[at] = primary[at]!.slice(0, component.length + free);
  }
  return restored;
}

/** When the cut falls on a filler, the longest component before it gives up letters until a letter takes the place. */
function endWithLetter(primary: readonly string[], secondary: readonly string[]): Result<string, string> {
  const kept: [string[], string[]] = [[...primary], [...secondary]];
  for (;;) {
    const field = join(...kept).slice(0, NAME_FIELD);
    if (field.length < NAME_FIELD) return fail(NO_CUT);
    if (/[A-Z]$/.test(field)) return ok(field);
    const before = field
      .replace(/<+$/, '')
      .split(SEPARATOR)
      .map((side) => side.split('<'));
    const side = before.length > 1 && before[1]!.some((component) => component.length > 1) ? 1 : 0;
    const lengths = before[side]!.map((component) => component.length);
    const longest = Math.max(...lengths);
    if (longest <= 1) return fail(NO_CUT);
    const at = lengths.lastIndexOf(longest);
    kept[side][at] = kept[side][at]!.slice(0, longest - 1);
  }
}
