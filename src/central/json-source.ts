/**
 * The source text of the parts of a JSON value. A page of the feed is taken apart before its elements are read, so that an
 * element that two readers could read differently is judged, refused and kept by itself and spoils no other.
 * Both functions rely on the text being JSON (RFC 8259) as a whole.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The index after the string that begins at `start`. */
function endOfString(source: string, start: number): number {
  let at = start + 1;
  for (; source.charCodeAt(at) !== QUOTE; at++) if (source.charCodeAt(at) === BACKSLASH) at++;
  return at + 1;
}

/** The elements of an array, or the members of an object as `"name": value`. */
export function elementsOf(source: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  const take = (end: number) => {
    const part = source.slice(start, end).trim();
    if (part !== '') parts.push(part);
    start = end + 1;
  };
  for (let at = 0; at < source.length; at++) {
    const character = source[at];
    if (character === '"') at = endOfString(source, at) - 1;
    else if (character === '[' || character === '{') {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if (character === ']' || character === '}') {
      if (depth === 1) take(at);
      depth -= 1;
    } else if (character === ',' && depth === 1) take(at);
  }
  return parts;
}

/** The members of an object in their order; a name that comes twice comes twice. */
export function membersOf(source: string): { readonly name: string; readonly source: string }[] {
  return elementsOf(source).map((member) => {
    const end = endOfString(member, 0);
    return {
      name: JSON.parse(member.slice(0, end)) as string,
      source: member.slice(member.indexOf(':', end) + 1).trim(),
    };
  });
}
