/**
 * Portrait and signature: what is accepted, and in which form they go into the PDF. Sizes are read from the headers
 * before anything is decoded, so that a small file cannot ask for a huge picture.
 */
import jpeg from 'jpeg-js';
import PDFDocument from 'pdfkit';
import { PNG } from 'pngjs';
import { fail, ok, type Result } from '../domain/result.ts';
import { jpegFrame } from './jpeg-frame.ts';

export interface EncodedPicture {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

/** A JPEG or PNG file that pdfkit can embed as it is. */
export interface EmbeddablePicture {
  readonly file: Buffer;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** A portrait of 35 x 45 mm at 1200 dpi has 3.5 million pixels. */
export const MOST_PIXELS = 8_000_000;
const LONGEST_SIDE = 6000;

const PNG_SIGNATURE = '89504e470d0a1a0a';

interface PictureHeader {
  readonly file: Buffer;
  readonly width: number;
  readonly height: number;
  /** A PNG that only has to be copied: 8 bits or fewer, without transparency or interlacing. */
  readonly plain: boolean;
}

function readPng(file: Buffer): Result<PictureHeader, string> {
  if (file.length < 33 || file.toString('hex', 0, 8) !== PNG_SIGNATURE || file.toString('latin1', 12, 16) !== 'IHDR') {
    return fail('is not a PNG file');
  }
  const [bitDepth = 0, colourType = 0, , , interlace = 0] = file.subarray(24, 29);
  const opaque = colourType === 0 || colourType === 2;
  const plain = opaque && bitDepth <= 8 && interlace === 0 && !file.includes('tRNS');
  return ok({ file, width: file.readUInt32BE(16), height: file.readUInt32BE(20), plain });
}

function readJpeg(file: Buffer): Result<PictureHeader, string> {
  const frame = jpegFrame(file);
  if (!frame) return fail('is not a JPEG file');
  if (frame.components === 4) return fail('is a CMYK picture: grey or RGB is needed');
  if (frame.components !== 1 && frame.components !== 3) return fail(`has ${frame.components} colour components`);
  if (frame.marker > 0xc2 || frame.bitsPerSample !== 8) return fail('is a JPEG of a kind that printers cannot show');
  return ok({ file, width: frame.width, height: frame.height, plain: true });
}

function readHeader(picture: EncodedPicture): Result<PictureHeader, string> {
  const file = Buffer.from(picture.data, 'base64');
  if (file.length === 0 || file.toString('base64') !== picture.data) return fail('is not base64');
  const header =
    picture.mediaType === 'image/jpeg'
      ? readJpeg(file)
      : picture.mediaType === 'image/png'
        ? readPng(file)
        : fail('is neither image/jpeg nor image/png');
  if (!header.ok) return header;
  const { width, height } = header.value;
  if (width < 1 || height < 1) return fail('has no pixels');
  if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
    return fail(`has ${width} x ${height} pixels, more than ${MOST_PIXELS / 1_000_000} million`);
  }
  return header;
}

/** The Exif orientation 1-8; 1 is upright. */
function orientation(file: Buffer): number {
  const scratch = new PDFDocument({ font: null as unknown as string }) as unknown as {
    openImage(file: Buffer): { readonly orientation?: number };
  };
  return scratch.openImage(file).orientation ?? 1;
}

function decodes(picture: EncodedPicture, { file }: PictureHeader): string | null {
  try {
    if (picture.mediaType === 'image/png') {
      PNG.sync.read(file);
      return null;
    }
    jpeg.decode(file, { useTArray: true, tolerantDecoding: false, maxResolutionInMP: 10, maxMemoryUsageInMB: 256 });
    return orientation(file) === 1 ? null : 'is stored turned (Exif orientation): upright pixels are needed';
  } catch {
    // The decoder's own words may quote bytes of the picture: they are personal data.
    return 'does not decode';
  }
}

/** Decodes the whole picture once: what is wrong with it in a few words, or its size in pixels. */
export function inspectPicture(picture: EncodedPicture): Result<{ width: number; height: number }, string> {
  const header = readHeader(picture);
  if (!header.ok) return header;
  const fault = decodes(picture, header.value);
  return fault ? fail(fault) : ok({ width: header.value.width, height: header.value.height });
}

/** On white paper, as grey samples when the picture has no colour and as RGB samples otherwise. */
function onPaper(rgba: Buffer): { samples: Buffer; channels: 1 | 3 } {
  const pixels = rgba.length / 4;
  let coloured = false;
  for (let at = 0; at < rgba.length && !coloured; at += 4) {
    coloured = rgba[at + 3] !== 0 && (rgba[at] !== rgba[at + 1] || rgba[at] !== rgba[at + 2]);
  }
  const channels = coloured ? 3 : 1;
  const samples = Buffer.alloc(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const alpha = rgba[pixel * 4 + 3]! / 255;
    const paper = 255 * (1 - alpha);
    for (let channel = 0; channel < channels; channel += 1) {
      samples[pixel * channels + channel] = Math.round(rgba[pixel * 4 + channel]! * alpha + paper);
    }
  }
  return { samples, channels };
}

/** Transparent parts become paper white: a page has no other background. */
function flattened(file: Buffer): Buffer {
  const { width, height, data } = PNG.sync.read(file);
  const { samples, channels } = onPaper(data);
  const colorType = channels === 1 ? 0 : 2;
  const opaque = new PNG({ width, height });
  opaque.data = samples;
  // Unfiltered rows and a low effort: the picture goes to a printer beside us, not over a network.
  return PNG.sync.write(opaque, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: false,
    filterType: 0,
    deflateLevel: 1,
  });
}

/**
 * The picture in a form that every PDF reader shows alike. A JPEG goes in as it is.
 * The failure says what is wrong with the file; it never occurs for a picture that `inspectPicture` accepts.
 */
export function embeddable(picture: EncodedPicture): Result<EmbeddablePicture, string> {
  const header = readHeader(picture);
  if (!header.ok) return header;
  const { file, width, height, plain } = header.value;
  try {
    return ok({ file: plain ? file : flattened(file), width, height });
  } catch {
    return fail('does not decode');
  }
}
