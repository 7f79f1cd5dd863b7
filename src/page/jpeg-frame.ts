/** The frame header of a JPEG file (ISO/IEC 10918-1 B.2.2): its size and kind, known before anything is decoded. */
export interface JpegFrame {
  /** Start-of-frame marker: C0 baseline, C1 extended, C2 progressive; others are lossless, hierarchical or arithmetic. */
  readonly marker: number;
  readonly bitsPerSample: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** 1 grey, 3 colour, 4 CMYK. */
  readonly components: number;
}

const isFrameMarker = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Null when the bytes are not a JPEG file or end before the frame header. */
export function jpegFrame(file: Buffer): JpegFrame | null {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 4 <= file.length && file[at] === 0xff) {
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrameMarker(marker)) {
      if (at + 10 > file.length) return null;
      return {
        marker,
        bitsPerSample: file[at + 4]!,
        height: file.readUInt16BE(at + 5),
        width: file.readUInt16BE(at + 7),
        components: file[at + 9]!,
      };
    }
    at += 2 + file.readUInt16BE(at + 2);
  }
  return null;
}
