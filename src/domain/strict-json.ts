/**
 * RFC 8259 read so that two readers can never see two meanings in the same bytes. What `JSON.parse` silently settles is
 * refused here: duplicate names (the last would win), a byte order mark, ill-formed UTF-8 and lone surrogates (they would
 * become U+FFFD), numbers beyond the range of a double (they would become Infinity).
 */
import type { FieldError } from './errors.ts';
import { fail, ok, type Result } from './result.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Has no prototype: a name such as `__proto__` or `constructor` is an ordinary member, and only own members are seen. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export interface StrictJsonLimits {
  /** Bytes of the whole text. */
  readonly maxBytes: number;
  /** Arrays and objects inside each other; 32 when not given. */
  readonly maxDepth?: number;
}

/**
 * Parses one JSON text. The failure names the first fault by its JSON path (`holder.dateOfBirth`, `keys[2].kid`, `''` for
 * the whole text) and its reason; it never quotes a value.
 */
export function parseStrictJson(bytes: Uint8Array, limits: StrictJsonLimits): Result<JsonValue, FieldError> {
  if (bytes.length > limits.maxBytes) {
    return fail({ path: '', message: `larger than ${limits.maxBytes} bytes` });
  }
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    return fail({ path: '', message: 'begins with a byte order mark' });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail({ path: '', message: 'is not valid UTF-8' });
  }
  return new Parser(text, limits.maxDepth ?? 32).parse();
}

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Extends a JSON path by a member's name or an element's index; an unusual name is quoted, a long one cut. */
export function jsonPath(parent: string, step: string | number): string {
  if (typeof step === 'number') return `${parent}[${step}]`;
  if (/^[A-Za-z_$][\w$]{0,63}$/.test(step)) return parent === '' ? step : `${parent}.${step}`;
  return `${parent}[${JSON.stringify(step.length > 64 ? `${step.slice(0, 64)}…` : step)}]`;
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;
const CONTROL = /[\u0000-\u001f]/;
const HEX4 = /^[0-9A-Fa-f]{4}$/;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Where a character comes next, remembered: text without it would else be searched to its end again and again. */
class Occurrences {
  readonly #text: string;
  readonly #character: string;
  #next = -1;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  from(start: number): number {
    if (this.#next < start) {
      const found = this.#text.indexOf(this.#character, start);
      this.#next = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#next;
  }
}

/** Each method returns `undefined` after it has noted a failure: JSON itself knows no such value. */
class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #steps: (string | number)[] = [];
  readonly #quotes: Occurrences;
  readonly #backslashes: Occurrences;
  #at = 0;
  #failure: FieldError | undefined;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#quotes = new Occurrences(text, '"');
    this.#backslashes = new Occurrences(text, '\\');
    this.#maxDepth = maxDepth;
  }

  parse(): Result<JsonValue, FieldError> {
    const value = this.#value();
    if (value !== undefined) {
      this.#skipWhiteSpace();
      if (this.#at === this.#text.length) return ok(value);
      this.#refuse('is followed by more text');
    }
    return fail(this.#failure ?? { path: '', message: 'is not JSON' });
  }

  #value(): JsonValue | undefined {
    this.#skipWhiteSpace();
    switch (this.#text[this.#at]) {
      case '{':
        return this.#nested(() => this.#object());
      case '[':
        return this.#nested(() => this.#array());
      case '"':
        return this.#string();
      case 't':
      case 'f':
      case 'n':
        return this.#literal();
      default:
        return this.#number();
    }
  }

  #nested(read: () => JsonValue | undefined): JsonValue | undefined {
    const depth = this.#steps.length;
    if (depth >= this.#maxDepth) return this.#refuse(`is nested deeper than ${this.#maxDepth}`);
    this.#at += 1;
    const value = read();
    // After a failure the steps stay: the path has been taken from them already.
    if (value !== undefined) this.#steps.length = depth;
    return value;
  }

  #object(): JsonObject | undefined {
    const members: Record<string, JsonValue> = Object.create(null);
    if (this.#take('}')) return members;
    const depth = this.#steps.length;
    do {
      this.#steps.length = depth;
      this.#skipWhiteSpace();
      if (this.#text[this.#at] !== '"') return this.#refuse('expects a member name');
      const name = this.#string();
      if (name === undefined) return undefined;
      this.#steps.push(name);
      if (name in members) return this.#refuse('is given more than once');
      if (!this.#take(':')) return this.#refuse('expects a colon after the member name');
      const value = this.#value();
      if (value === undefined) return undefined;
      members[name] = value;
    } while (this.#take(','));
    this.#steps.length = depth;
    return this.#take('}') ? members : this.#refuse('expects a comma or a closing brace');
  }

  #array(): JsonValue[] | undefined {
    const elements: JsonValue[] = [];
    if (this.#take(']')) return elements;
    const depth = this.#steps.length;
    do {
      this.#steps[depth] = elements.length;
      const value = this.#value();
      if (value === undefined) return undefined;
      elements.push(value);
    } while (this.#take(','));
    this.#steps.length = depth;
    return this.#take(']') ? elements : this.#refuse('expects a comma or a closing bracket');
  }

  #string(): string | undefined {
    // Slices between the escapes, not single characters: a record carries images of a megabyte as one string.
    const text = this.#text;
    let start = this.#at + 1;
    let decoded = '';
    for (;;) {
      const quote = this.#quotes.from(start);
      const backslash = this.#backslashes.from(start);
      if (quote === Number.POSITIVE_INFINITY) return this.#refuse('has a string without an end');
      const plain = text.slice(start, Math.min(quote, backslash));
      if (CONTROL.test(plain)) return this.#refuse('has a string with a control character');
      decoded += plain;
      if (quote < backslash) {
        this.#at = quote + 1;
        return decoded.isWellFormed() ? decoded : this.#refuse('has a string with a lone surrogate');
      }
      const kind = text[backslash + 1] ?? '';
      const code = text.slice(backslash + 2, backslash + 6);
      const short = Object.hasOwn(ESCAPES, kind) ? ESCAPES[kind] : undefined;
      if (short !== undefined) {
        decoded += short;
        start = backslash + 2;
      } else if (kind === 'u' && HEX4.test(code)) {
        decoded += String.fromCharCode(Number.parseInt(code, 16));
        start = backslash + 6;
      } else {
        return this.#refuse('has a string with an unknown escape');
      }
    }
  }

  #number(): number | undefined {
    const token = this.#token(NUMBER);
    if (token === undefined) return this.#refuse('expects a value');
    const value = Number(token);
    return Number.isFinite(value) ? value : this.#refuse('has a number out of range');
  }

  #literal(): boolean | null | undefined {
    const token = this.#token(LITERAL);
    if (token === undefined) return this.#refuse('expects a value');
    return token === 'null' ? null : token === 'true';
  }

  #token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const token = pattern.exec(this.#text)?.[0];
    if (token !== undefined) this.#at += token.length;
    return token;
  }

  #take(character: string): boolean {
    this.#skipWhiteSpace();
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipWhiteSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }

  #refuse(message: string): undefined {
    this.#failure ??= { path: this.#steps.reduce<string>(jsonPath, ''), message };
    return undefined;
  }
}
