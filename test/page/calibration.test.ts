import { describe, expect, test } from 'vitest';
import { CALIBRATION_FRAME, renderCalibrationPage } from '../../src/page/calibration.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { inkEdges } from './ink.ts';
import { textOf } from './text-of.ts';

describe('the calibration page', () => {
  test('has a mark on every millimetre of the upper and left edge, longer ones on 5 and 10', async () => {
    const page = await rasterise(renderCalibrationPage({ language: 'en' }), 720, []);
    for (const millimetre of [11, 37, 64, 85, 99, 101, 124]) {
      const mark = inkEdges(page, { x: millimetre - 0.5, y: 0, width: 1, height: 4 })!;
      expect((mark.left + mark.right) / 2).toBeCloseTo(millimetre, 1);
      expect(mark.top).toBe(0);
      expect(mark.bottom).toBeCloseTo(millimetre % 5 === 0 ? 3 : 2, 1);
    }
    for (const millimetre of [11, 25, 46, 67, 86]) {
      const mark = inkEdges(page, { x: 0, y: millimetre - 0.5, width: 4, height: 1 })!;
      expect((mark.top + mark.bottom) / 2).toBeCloseTo(millimetre, 1);
      expect(mark.left).toBe(0);
    }
  });

  test('has a frame of 100 x 40 mm to find a wrong scale', async () => {
    const page = await rasterise(renderCalibrationPage({ language: 'id' }), 360, []);
    const { x, y, width, height } = CALIBRATION_FRAME;
    const edges = inkEdges(page, { x: x - 1, y: y - 1, width: width + 2, height: height + 2 })!;
    expect(Math.abs(edges.right - edges.left - 100)).toBeLessThan(0.3);
    expect(Math.abs(edges.bottom - edges.top - 40)).toBeLessThan(0.3);
  });

  test('explains itself in both languages and is always the same', async () => {
    expect(await textOf(renderCalibrationPage({ language: 'en' }))).toContain('not a passport');
    expect(await textOf(renderCalibrationPage({ language: 'id' }))).toContain('bukan paspor');
    const [first, second] = [renderCalibrationPage({ language: 'id' }), renderCalibrationPage({ language: 'id' })];
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  });
});
