import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, jsonPath, parseStrictJson } from '../../src/domain/strict-json.ts';

const limits = { maxBytes: 2 * 1024 * 1024 };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string) => parseStrictJson(utf8(text), limits);

function accepted(text: string): JsonValue {
  const parsed = parse(text);
  if (!parsed.ok) throw new Error(`${parsed.failure.path}: ${parsed.failure.message}`);
  return parsed.value;
}

function refused(input: string | Uint8Array, more: { maxDepth?: number } = {}) {
  const parsed = parseStrictJson(typeof input === 'string' ? utf8(input) : input, { ...limits, ...more });
  if (parsed.ok) throw new Error('was accepted');
  return parsed.failure;
}

describe('agreement with JSON.parse', () => {
  // Lone surrogates have no UTF-8 form, so the generated text is kept well formed; they have their own tests below.
  const wellFormed = fc.json({ stringUnit: 'binary', maxDepth: 6 }).filter((text) => text.isWellFormed());

  it('gives the same value for every generated text without lone surrogates', () => {
    fc.assert(
      fc.property(wellFormed, fc.constantFrom(undefined, 1, '\t', '\r\n'), (text, space) => {
        const spaced = JSON.stringify(JSON.parse(text), null, space);
        if (/\\ud[89a-f]/i.test(spaced)) return;
        expect(JSON.stringify(accepted(spaced))).toBe(JSON.stringify(JSON.parse(spaced)));
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses whatever JSON.parse refuses when one character is changed, removed or added', () => {
    const seed = '{"a":[1,-2.5e3,{"b":"x\\n\\u0041"}],"c":null,"d":true}';
    let refusals = 0;
    for (let at = 0; at <= seed.length; at += 1) {
      for (const put of ['', '"', '\\', '{', '}', ',', '0', 'e', '\n', '\u0001', ' ', '-', '.', 'u']) {
        for (const drop of [0, 1]) {
          const text = seed.slice(0, at) + put + seed.slice(at + drop);
          let native: unknown;
          let valid = true;
          try {
            native = JSON.parse(text);
          } catch {
            valid = false;
          }
          const own = parse(text);
          if (!valid) {
            refusals += 1;
            expect(own.ok, text).toBe(false);
          } else if (own.ok) {
            expect(JSON.stringify(own.value), text).toBe(JSON.stringify(native));
          }
        }
      }
    }
    expect(refusals).toBeGreaterThan(500);
  });
});

describe('what JSON.parse would settle silently', () => {
  it.each([
    ['{"a":1,"a":2}', 'a', 'is given more than once'],
    ['{"holder":{"sex":"F","s\\u0065x":"M"}}', 'holder.sex', 'is given more than once'],
    ['{"keys":[{},{},{"kid":1,"kid":1}]}', 'keys[2].kid', 'is given more than once'],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 'is given more than once'],
    ['{"a":"\\ud800"}', 'a', 'has a string with a lone surrogate'],
    ['{"a":"\\udc00\\ud800"}', 'a', 'has a string with a lone surrogate'],
    ['[1e999]', '[0]', 'has a number out of range'],
  ])('refuses %s', (text, path, message) => {
    expect(refused(text)).toEqual({ path, message });
  });

  it('keeps __proto__ and constructor as ordinary members', () => {
    const value = accepted('{"__proto__":{"admin":true},"constructor":1}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect('admin' in value).toBe(false);
    expect('toString' in value).toBe(false);
    expect('admin' in {}).toBe(false);
  });
});

describe('the text as a whole', () => {
  it.each([
    [new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), 'begins with a byte order mark'],
    [new Uint8Array([0x22, 0xc0, 0xaf, 0x22]), 'is not valid UTF-8'],
    [new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), 'is not valid UTF-8'],
    [new Uint8Array([0x22, 0xff, 0x22]), 'is not valid UTF-8'],
    [utf8('{} {}'), 'is followed by more text'],
    [utf8('{},'), 'is followed by more text'],
    [utf8(''), 'expects a value'],
    [utf8('\u00a0{}'), 'expects a value'],
    [new Uint8Array(limits.maxBytes + 1).fill(0x20), `larger than ${limits.maxBytes} bytes`],
  ])('is refused at its root, case %#', (bytes, message) => {
    expect(refused(bytes)).toEqual({ path: '', message });
  });

  it.each([
    '{"a":1,}',
    '[1,]',
    '{a:1}',
    "{'a':1}",
    '[01]',
    '[+1]',
    '[.5]',
    '[1.]',
    '[NaN]',
    '["\\x"]',
    '["a\nb"]',
    '//\n1',
  ])('refuses what only lenient readers take: %s', (text) => {
    expect(parse(text).ok).toBe(false);
  });

  it('counts depth, and stops before the stack does', () => {
    expect(parseStrictJson(utf8('[[[]]]'), { ...limits, maxDepth: 3 }).ok).toBe(true);
    expect(refused('[[[[]]]]', { maxDepth: 3 }).message).toBe('is nested deeper than 3');
    expect(refused('['.repeat(500_000)).message).toBe('is nested deeper than 32');
  });
});

it('writes paths that name the member, quoting what is unusual and cutting what is long', () => {
  expect(jsonPath('holder', 'dateOfBirth')).toBe('holder.dateOfBirth');
  expect(jsonPath('keys', 2)).toBe('keys[2]');
  expect(jsonPath('', 'a b')).toBe('["a b"]');
  expect(jsonPath('x', 'k'.repeat(100_000)).length).toBeLessThan(80);
});

it('reads 2 MiB that are nearly one base64 string in well below 50 ms, and many escapes in linear time', () => {
  const image = utf8(JSON.stringify({ portrait: { data: 'Abc/'.repeat(524_000) } }));
  const escapes = utf8(JSON.stringify({ a: '\n'.repeat(900_000), b: '"'.repeat(100_000) }));
  const members = utf8(JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`key${n}`, n]))));
  const took = (bytes: Uint8Array): number =>
    Math.min(
      ...[1, 2, 3, 4, 5].map(() => {
        const start = performance.now();
        expect(parseStrictJson(bytes, limits).ok).toBe(true);
        return performance.now() - start;
      }),
    );
  expect(image.length).toBeGreaterThan(2_000_000);
  expect(took(image)).toBeLessThan(50);
  expect(took(escapes)).toBeLessThan(1000);
  expect(took(members)).toBeLessThan(1000);
});
