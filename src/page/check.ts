/** What intake refuses because the page could not show it. */
import { type FieldError, type Problem, problem } from '../domain/errors.ts';
import type { PersonalisationRecord } from '../domain/record.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { largestInside, PORTRAIT_MINIMUM, PORTRAIT_ZONE } from './geometry.ts';
import { type LayoutFault, layOut } from './layout.ts';
import { type EncodedPicture, inspectPicture } from './pictures.ts';
import { type PageTemplate, STANDARD_TEMPLATE } from './template.ts';

const CODE_OF = {
  glyph: 'PST-121',
  space: 'PST-122',
  state: 'PST-123',
} as const satisfies Record<LayoutFault['kind'], string>;

const DETAIL_OF = {
  'PST-120': 'a picture cannot be printed',
  'PST-121': 'a character has no printable form',
  'PST-122': 'a value does not fit its place on the page',
  'PST-123': 'the page template does not know the issuing State',
} as const;

/** Stands for a booklet's number: any nine of `A-Z 0-9` fit. */
const WIDEST_NUMBER = 'WWWWWWWWW';

/** A portrait of these proportions can stand in zone V neither too large nor too small (Doc 9303-4 s2.3). */
export function portraitProportionFault(width: number, height: number): string | null {
  const printed = largestInside(PORTRAIT_ZONE, width / height);
  return printed.width >= PORTRAIT_MINIMUM.width && printed.height >= PORTRAIT_MINIMUM.height
    ? null
    : `of ${width} x ${height} pixels cannot be printed between 26 x 32 and 35 x 45 mm in its own proportions`;
}

function pictureFaults(record: PersonalisationRecord): FieldError[] {
  const faults: FieldError[] = [];
  const refuse = (name: 'portrait' | 'signature', message: string) =>
    faults.push({ path: `${name}.data`, message: `the ${name} ${message}` });
  const inspect = (name: 'portrait' | 'signature', picture: EncodedPicture) => {
    const inspected = inspectPicture(picture);
    if (!inspected.ok) {
      refuse(name, inspected.failure);
      return;
    }
    const { width, height } = inspected.value;
    const proportion = name === 'portrait' ? portraitProportionFault(width, height) : null;
    if (proportion) refuse(name, proportion);
  };
  inspect('portrait', record.portrait);
  inspect('signature', record.signature);
  return faults;
}

/**
 * Whether a page can be printed of this record: portrait and signature decode, every character of every printed value has
 * a letter form in the font that prints it, every value fits its place legibly.
 * Refuses with PST-120 (picture), PST-121 (character, with its code point), PST-122 (space) or PST-123 (issuing State);
 * `errors` names every fault that was found with its path.
 */
export function checkPage(
  record: PersonalisationRecord,
  template: PageTemplate = STANDARD_TEMPLATE,
): Result<void, Problem> {
  const pictures = pictureFaults(record);
  const { faults } = layOut(record, WIDEST_NUMBER, template);
  const first = faults[0];
  const code = pictures.length > 0 ? 'PST-120' : first ? CODE_OF[first.kind] : null;
  if (!code) return ok(undefined);
  const errors = [...pictures, ...faults.map(({ path, message }) => ({ path, message }))];
  return fail(problem(code, DETAIL_OF[code], { errors }));
}
