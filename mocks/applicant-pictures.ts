import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';
import { type SeededRandom, seededRandom } from './random.ts';

/** 35 x 45 mm at 300 dpi. */
const PORTRAIT = { width: 413, height: 531 } as const;
const SIGNATURE = { width: 420, height: 120 } as const;

/** Grey values 0 (black) to 255, rows from the top. */
class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #grey: Float32Array;

  constructor(width: number, height: number, shade: (x: number, y: number) => number) {
    this.width = width;
    this.height = height;
    this.#grey = new Float32Array(width * height);
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) this.#grey[y * width + x] = shade(x, y);
  }

  /** Paints an ellipse around (cx, cy); `shade` gets -1..1 across and down, null leaves a pixel as it is. */
  ellipse(cx: number, cy: number, rx: number, ry: number, shade: (u: number, v: number) => number | null): void {
    for (let y = Math.max(0, Math.ceil(cy - ry)); y <= Math.min(this.height - 1, cy + ry); y += 1) {
      for (let x = Math.max(0, Math.ceil(cx - rx)); x <= Math.min(this.width - 1, cx + rx); x += 1) {
        const [u, v] = [(x - cx) / rx, (y - cy) / ry];
        const grey = u * u + v * v <= 1 ? shade(u, v) : null;
        if (grey !== null) this.#grey[y * this.width + x] = grey;
      }
    }
  }

  /** Red, green, blue, opacity: what the encoders take. */
  rgba(): Buffer {
    const rgba = Buffer.alloc(this.#grey.length * 4, 255);
    for (let at = 0; at < this.#grey.length; at += 1) {
      const grey = Math.max(0, Math.min(255, this.#grey[at]!));
      for (let channel = 0; channel < 3; channel += 1) rgba[at * 4 + channel] = grey;
    }
    return rgba;
  }
}

const between = (random: SeededRandom, from: number, to: number): number => from + random.next() * (to - from);

/** A drawn face that belongs to nobody, different for every seed: JPEG, 413 x 531 pixels, grey. */
export function drawnPortrait(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const { width, height } = PORTRAIT;
  const skin = between(random, 120, 215);
  const hair = between(random, 20, 150);
  const cloth = between(random, 30, 170);
  const face = {
    x: width / 2 + between(random, -6, 6),
    y: 235,
    rx: between(random, 88, 108),
    ry: between(random, 122, 142),
  };
  const eyes = { y: face.y + between(random, -28, -14), apart: face.rx * between(random, 0.38, 0.46) };
  const mouth = { y: face.y + face.ry * 0.52, width: between(random, 26, 44), curve: between(random, -7, 9) };

  const picture = new Canvas(width, height, (x, y) => 242 - 14 * (y / height) - 8 * (x / width));
  const longHair = random.int(2) === 1;
  if (longHair) picture.ellipse(face.x, face.y + 50, face.rx + 34, face.ry + 60, (u) => hair + 18 * u);
  picture.ellipse(face.x, height + 40, 190, 165, (u, v) => cloth - 25 * u * u + 12 * v);
  picture.ellipse(face.x, face.y + face.ry + 15, 46, 70, (u) => skin - 26 - 16 * Math.abs(u));
  picture.ellipse(face.x, face.y - 22, face.rx + 14, face.ry + 12, (u, v) =>
    v < 0.1 || longHair ? hair + 14 * u : null,
  );
  for (const side of [-1, 1]) {
    if (!longHair) picture.ellipse(face.x + side * face.rx, face.y + 5, 13, 27, () => skin - 22);
  }
  picture.ellipse(face.x, face.y, face.rx, face.ry, (u, v) => skin + 16 - 30 * u * u - 14 * v * v - 6 * u);
  const fringe = between(random, -0.62, -0.45);
  picture.ellipse(face.x, face.y, face.rx, face.ry, (u, v) => (v < fringe - 0.18 * u * u ? hair + 14 * u : null));
  for (const side of [-1, 1]) {
    const x = face.x + side * eyes.apart;
    picture.ellipse(x, eyes.y, 19, 9, () => 246);
    picture.ellipse(x, eyes.y, 8.5, 8.5, (u, v) => (u * u + v * v < 0.3 ? 12 : 62));
    picture.ellipse(x, eyes.y - between(random, 22, 27), 24, 5, (u) => hair + 10 * Math.abs(u));
  }
  picture.ellipse(face.x + 3, face.y + 28, between(random, 9, 15), 40, (u, v) => (u > 0.2 ? skin - 18 - 10 * v : null));
  picture.ellipse(face.x, mouth.y, mouth.width, 11, (u, v) => {
    const line = v - (mouth.curve / 11) * u * u;
    return Math.abs(line) < 0.55 ? skin - (Math.abs(line) < 0.12 ? 95 : 52) : null;
  });
  if (random.int(3) === 0) {
    for (const side of [-1, 1]) {
      const x = face.x + side * eyes.apart;
      picture.ellipse(x, eyes.y + 2, 31, 24, (u, v) => (u * u + v * v > 0.82 ? 35 : null));
    }
  }
  return Uint8Array.from(encode({ width, height, data: picture.rgba() }, 78).data);
}

/** A scribbled line, different for every seed: PNG, 420 x 120 pixels, black on white. */
export function drawnSignature(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const { width, height } = SIGNATURE;
  const picture = new Canvas(width, height, () => 255);
  const waves = Array.from({ length: 4 }, (_, at) => ({
    turns: between(random, 1.5, 4) * (at + 1),
    height: between(random, 8, 26) / (at + 1),
    from: random.next() * 2 * Math.PI,
  }));
  const loop = between(random, 14, 34);
  const length = between(random, 0.6, 0.95);
  const steps = 2400;
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    const angle = (wave: { turns: number; from: number }) => wave.from + 2 * Math.PI * wave.turns * t;
    const y = waves.reduce((sum, wave) => sum + wave.height * Math.sin(angle(wave)), height / 2) + 14 * (0.5 - t);
    const x = 16 + t * (width - 32) * length + loop * Math.cos(angle(waves[1]!)) * (1 - t);
    const pen = 1.3 + 0.8 * Math.sin(angle(waves[0]!));
    picture.ellipse(x, Math.max(3, Math.min(height - 4, y)), pen + 0.5, pen + 0.5, () => 0);
  }
  const png = new PNG({ width, height });
  png.data = picture.rgba();
  return Uint8Array.from(PNG.sync.write(png, { colorType: 0, inputColorType: 6, deflateLevel: 9 }));
}
