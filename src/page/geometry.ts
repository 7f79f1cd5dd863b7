/**
 * Where things stand on a TD3 data page (Doc 9303-4 s2.2-2.5 and Figure 3). Millimetres from the page's top left corner,
 * x to the right, y down; type sizes in points.
 */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Type is measured in points (1/72 in), paper in millimetres. */
export const POINTS_PER_MM = 72 / 25.4;

/** Doc 9303-4 s2.2. */
export const PAGE = { width: 125, height: 88 } as const;

/** Kept free of print at left, right and top (Doc 9303-4 s2.4). */
export const CLEAR_MARGIN = 2;

/**
 * The machine readable zone: OCR-B size 1 at 10 characters an inch, each character on its own cell. 9.959 pt makes the
 * font's advance of 723/1000 em exactly 2.54 mm; the baselines put the ink's middle on the line centres of Figure 3,
 * 72.25 and 78.60 mm from the top.
 */
export const MRZ = {
  cells: 44,
  left: 6.0,
  pitch: 2.54,
  baselines: [73.485, 79.835],
  /** Print zones of the two lines: no ink of a line stands outside its zone. */
  printZones: [
    { x: 6, y: 70.1, width: 114, height: 4.3 },
    { x: 6, y: 76.45, width: 114, height: 4.3 },
  ],
  fontSize: 9.959,
  /** The boundary between the visual zone and the MRZ, 23.2 mm above the bottom edge. */
  boundary: 64.8,
} as const;

/**
 * Zone V: the portrait is as large as fits here, and centred. At least 2 mm from the left edge, 35 x 45 at most: the rest
 * is left for the device's dots, as a picture's edges go outwards to whole ones.
 */
export const PORTRAIT_ZONE: Box = { x: 3, y: 16.7, width: 34.6, height: 44.5 };

/** Doc 9303-4 s2.3: the portrait is never smaller than this. */
export const PORTRAIT_MINIMUM = { width: 26, height: 32 } as const;

/** Zone IV: the signature's own area; its long side runs along the page's long edge. */
export const SIGNATURE_ZONE: Box = { x: 82, y: 54.9, width: 40, height: 9 };

/** The largest box of the given proportion (width / height) inside `zone`, centred. */
export function largestInside(zone: Box, proportion: number): Box {
  const width = Math.min(zone.width, zone.height * proportion);
  const height = width / proportion;
  return { x: zone.x + (zone.width - width) / 2, y: zone.y + (zone.height - height) / 2, width, height };
}
