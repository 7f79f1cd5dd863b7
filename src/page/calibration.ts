/**
 * A page of rulers. Printed on an old booklet or on paper of the page's size, it shows how far the print stands from
 * where it should; the printer's `geometry` in the configuration takes that back.
 */
import { closePage, drawText, openPage } from './data-page.ts';
import { widthOnPaper } from './fit.ts';
import type { Typeface } from './fonts.ts';
import { MRZ, PAGE, POINTS_PER_MM } from './geometry.ts';

const points = (millimetres: number) => millimetres * POINTS_PER_MM;

const INSTRUCTIONS = {
  en: [
    'Calibration page - not a passport',
    'Measure from the paper’s left edge to mark 10 of the upper ruler: 10.0 mm is right,',
    'every millimetre more is an offset to the right.',
    'Measure from the paper’s upper edge to mark 10 of the left ruler: 10.0 mm is right,',
    'every millimetre more is an offset downwards.',
    'The frame is 100.0 mm wide and 40.0 mm high: another size is a wrong scale.',
  ],
  id: [
    'Halaman kalibrasi - bukan paspor',
    'Ukur dari tepi kiri kertas ke angka 10 pada penggaris atas: 10,0 mm berarti tepat,',
    'setiap milimeter lebihnya adalah geseran ke kanan.',
    'Ukur dari tepi atas kertas ke angka 10 pada penggaris kiri: 10,0 mm berarti tepat,',
    'setiap milimeter lebihnya adalah geseran ke bawah.',
    'Bingkai selebar 100,0 mm dan setinggi 40,0 mm: ukuran lain berarti skala salah.',
  ],
} as const;

/** Where the frame to be measured stands. */
export const CALIBRATION_FRAME = { x: 14, y: 16, width: 100, height: 40 } as const;

function text(page: PDFKit.PDFDocument, typeface: Typeface, words: string, x: number, baseline: number, size: number) {
  drawText(page, { typeface, text: words, x, baseline, size, condensed: 1, style: 'upright' });
}

function line(page: PDFKit.PDFDocument, x1: number, y1: number, x2: number, y2: number, width = 0.15) {
  page.lineWidth(points(width)).moveTo(points(x1), points(y1)).lineTo(points(x2), points(y2)).stroke();
}

const tickLength = (millimetre: number) => (millimetre % 10 === 0 ? 4 : millimetre % 5 === 0 ? 3 : 2);

/** Each tick's middle stands exactly on its millimetre. */
function rulers(page: PDFKit.PDFDocument): void {
  for (let x = 1; x < PAGE.width; x += 1) {
    line(page, x, 0, x, tickLength(x));
    if (x % 10 === 0) text(page, 'sans', `${x}`, x - widthOnPaper('sans', `${x}`, 6) / 2, 6.3, 6);
  }
  for (let y = 1; y < PAGE.height; y += 1) {
    line(page, 0, y, tickLength(y), y);
    if (y % 10 === 0) text(page, 'sans', `${y}`, 4.6, y + 0.75, 6);
  }
}

/** Every letter of the MRZ in its cells, to see pitch, skew and missing needles. The first cell is left to the ruler. */
function mrzCells(page: PDFKit.PDFDocument): void {
  const sample = ' 1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ<<<<<<H';
  for (const baseline of MRZ.baselines) {
    for (const [cell, character] of [...sample].entries()) {
      if (character === ' ') continue;
      text(page, 'ocr-b', character, MRZ.left + cell * MRZ.pitch, baseline, MRZ.fontSize);
    }
  }
}

/** A page of 125 x 88 mm to measure a printer's offsets with; the same bytes at every call. */
export function renderCalibrationPage({ language }: { readonly language: 'id' | 'en' }): Uint8Array {
  const page = openPage('Calibration page');
  rulers(page);
  const { x, y, width, height } = CALIBRATION_FRAME;
  line(page, x, y, x + width, y);
  line(page, x, y + height, x + width, y + height);
  line(page, x, y, x, y + height);
  line(page, x + width, y, x + width, y + height);
  INSTRUCTIONS[language].forEach((words, index) => {
    text(page, 'sans', words, x + 3, y + 6.5 + index * 6, index === 0 ? 9 : 6);
  });
  mrzCells(page);
  return closePage(page);
}
