import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../src/domain/errors.ts';
import type { PersonalisationRecord } from '../../src/domain/record.ts';
import { checkPage } from '../../src/page/check.ts';
import { plainPng, sampleRecord } from './sample.ts';

function refused(record: PersonalisationRecord): Problem {
  const checked = checkPage(record);
  if (checked.ok) throw new Error('was accepted');
  return checked.failure;
}

const withPortrait = (data: string, mediaType: 'image/jpeg' | 'image/png' = 'image/jpeg') =>
  sampleRecord({}, { portrait: { mediaType, data } });

const sampleJpeg = () => Buffer.from(sampleRecord().portrait.data, 'base64');
const frameAt = (file: Buffer) => file.indexOf(Buffer.from([0xff, 0xc0]));

test('accepts the sample record, and other forms of pictures', () => {
  expect(checkPage(sampleRecord()).ok).toBe(true);
  expect(checkPage(withPortrait(plainPng(350, 450, [90, 120, 150]), 'image/png')).ok).toBe(true);
  const grey = PNG.sync.write(new PNG({ width: 35, height: 45 }), { colorType: 0 }).toString('base64');
  expect(checkPage(withPortrait(grey, 'image/png')).ok).toBe(true);
});

describe('a character without a letter form', () => {
  test.each([
    ['holder.primaryIdentifier', { primaryIdentifier: 'SUN 孫' }, 'U+5B6B'],
    ['holder.secondaryIdentifier', { secondaryIdentifier: 'ANNA \u{1F600}ELE \u{1D11E}' }, 'U+1D11E'],
    ['holder.placeOfBirth', { placeOfBirth: 'ZEN\u0007ITH' }, 'U+0007'],
    ['holder.placeOfBirth', { placeOfBirth: 'ZEN\u202EITH' }, 'U+202E'],
    ['holder.primaryIdentifier', { primaryIdentifier: 'מילה' }, 'U+05DE'],
  ])('in %s is refused with its code point', (path, holder, codePoint) => {
    const text = Object.values(holder)[0]!.replace('\u{1F600}', '');
    const { code, errors, detail } = refused(sampleRecord({ [Object.keys(holder)[0]!]: text }));
    expect(code).toBe('PST-121');
    expect(errors).toEqual([{ path, message: expect.stringContaining(codePoint) }]);
    expect(detail).not.toContain(text);
  });

  test('in the authority is refused too', () => {
    expect(refused(sampleRecord({}, { authority: 'OFFICE 一' })).errors?.[0]?.path).toBe('authority');
  });

  test('is none of the Latin letters of Europe and Viet Nam', () => {
    for (const primaryIdentifier of [
      'ĄĆĘŁŃÓŚŹŻ ČĎĚŇŘŠŤŮŽ',
      'ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑ',
      'ÒÓÔÕÖØÙÚÛÜÝÞẞ',
      'NGUYỄN ĐẶNG',
      'ŠĶĢĻŅ ĪŪĀ',
    ]) {
      expect(checkPage(sampleRecord({ primaryIdentifier })).ok, primaryIdentifier).toBe(true);
    }
  });
});

describe('space', () => {
  test('is there for a hundred letters of a name, and for fourteen of a personal number', () => {
    const secondaryIdentifier = 'MARIA ANNA ELISABETH JOHANNA '.repeat(3).trim();
    expect(checkPage(sampleRecord({ secondaryIdentifier, personalNumber: 'WWWWWWWWWWWWWW' })).ok).toBe(true);
  });

  test('runs out with every fault named', () => {
    const { code, errors } = refused(
      sampleRecord({ primaryIdentifier: 'WOMBWELL '.repeat(14).trim(), placeOfBirth: 'M'.repeat(40) }),
    );
    expect(code).toBe('PST-122');
    expect(errors?.map(({ path }) => path)).toEqual(['holder.primaryIdentifier', 'holder.placeOfBirth']);
  });
});

test('a State without a name in the template is refused', () => {
  const { code, errors } = refused(
    sampleRecord({}, { document: { code: 'P', issuingState: 'XYZ', type: 'ordinary' } }),
  );
  expect(code).toBe('PST-123');
  expect(errors?.[0]?.path).toBe('document.issuingState');
});

describe('a picture is refused', () => {
  const messageOf = (record: PersonalisationRecord) => {
    const { code, errors } = refused(record);
    expect(code).toBe('PST-120');
    return errors?.map(({ path, message }) => `${path}: ${message}`).join('\n') ?? '';
  };

  test('when its file is cut off', () => {
    const half = sampleJpeg().subarray(0, 4000).toString('base64');
    expect(messageOf(withPortrait(half))).toContain('portrait.data: the portrait does not decode');
    const png = Buffer.from(sampleRecord().signature.data, 'base64');
    const signature = { mediaType: 'image/png', data: png.subarray(0, 900).toString('base64') } as const;
    expect(messageOf(sampleRecord({}, { signature }))).toContain('signature.data: the signature does not decode');
  });

  test('when it is of another type than it says', () => {
    expect(messageOf(withPortrait(sampleRecord().signature.data))).toContain('is not a JPEG file');
    expect(messageOf(withPortrait(sampleRecord().portrait.data, 'image/png'))).toContain('is not a PNG file');
  });

  test('when it is not base64', () => {
    expect(messageOf(withPortrait('AA*A'))).toContain('is not base64');
  });

  test('when its few bytes announce a huge picture', () => {
    const bomb = sampleJpeg();
    bomb.writeUInt16BE(5999, frameAt(bomb) + 5);
    bomb.writeUInt16BE(5999, frameAt(bomb) + 7);
    expect(messageOf(withPortrait(bomb.toString('base64')))).toContain('5999 x 5999 pixels');
    const png = Buffer.from(plainPng(100, 120, [0, 0, 0]), 'base64');
    png.writeUInt32BE(2_000_000_000, 16);
    expect(messageOf(withPortrait(png.toString('base64'), 'image/png'))).toContain('2000000000 x 120 pixels');
  });

  test('when it is CMYK, or of a kind that printers cannot show', () => {
    const cmyk = sampleJpeg();
    cmyk[frameAt(cmyk) + 9] = 4;
    expect(messageOf(withPortrait(cmyk.toString('base64')))).toContain('CMYK');
    const arithmetic = sampleJpeg();
    arithmetic[frameAt(arithmetic) + 1] = 0xc9;
    expect(messageOf(withPortrait(arithmetic.toString('base64')))).toContain('printers cannot show');
  });

  test('when Exif says that it lies on its side', () => {
    const exif = Buffer.from('ffe1002245786966000049492a00080000000100120103000100000006000000' + '00000000', 'hex');
    const file = sampleJpeg();
    const turned = Buffer.concat([file.subarray(0, 2), exif, file.subarray(2)]);
    expect(messageOf(withPortrait(turned.toString('base64')))).toContain('Exif orientation');
  });

  test('when its proportions allow no portrait between 26 x 32 and 35 x 45 mm', () => {
    const wide = { width: 300, height: 200, data: new Uint8Array(300 * 200 * 4).fill(128) };
    expect(messageOf(withPortrait(jpeg.encode(wide, 80).data.toString('base64')))).toContain('26 x 32');
  });

  test('with its bytes in no message', () => {
    const half = sampleJpeg().subarray(0, 4000).toString('base64');
    expect(JSON.stringify(refused(withPortrait(half)))).not.toContain(half.slice(0, 40));
  });
});
