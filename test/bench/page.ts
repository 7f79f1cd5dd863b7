/** How long a data page takes from record to one-bit picture, and against a Ghostscript process on the same PDF. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderDataPage } from '../../src/page/data-page.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { STANDARD_TEMPLATE } from '../../src/page/template.ts';
import { SAMPLE_MRZ, sampleRecord } from '../page/sample.ts';

const DPI = 360;
const WARM_UP = 5;
const RUNS = 25;

const render = () =>
  renderDataPage({
    record: sampleRecord(),
    documentNumber: 'L898902C3',
    mrz: SAMPLE_MRZ,
    specimen: false,
    template: STANDARD_TEMPLATE,
  });

/** Milliseconds. Takes turns, so that what else the machine does weighs on all alike. */
async function mediansOf(...runs: readonly (() => unknown)[]): Promise<number[]> {
  const times = runs.map((): number[] => []);
  for (let count = 0; count < WARM_UP + RUNS; count += 1) {
    for (const [index, run] of runs.entries()) {
      const from = performance.now();
      await run();
      if (count >= WARM_UP) times[index]!.push(performance.now() - from);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!);
}

const figure = (fields: Record<string, unknown>) => console.log(JSON.stringify({ bench: 'page', dpi: DPI, ...fields }));
const rounded = (value: number) => Math.round(value * 10) / 10;

const pdf = render();
const [whole = 0, toPdf = 0] = await mediansOf(() => rasterise(render(), DPI), render);
figure({ what: 'record to PDF to bitmap', medianMs: rounded(whole), wanted: '< 50', ratio: rounded(50 / whole) });
figure({ what: 'record to PDF', medianMs: rounded(toPdf), bytes: pdf.length });

if (spawnSync('gs', ['--version']).status === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'page-bench-'));
  const file = join(folder, 'page.pdf');
  writeFileSync(file, pdf);
  const gs = () =>
    execFileSync(
      'gs',
      ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=pbmraw', `-r${DPI}`, '-sOutputFile=-', file],
      {
        maxBuffer: 64 * 1024 * 1024,
      },
    );
  const [ours = 0, theirs = 0] = await mediansOf(() => rasterise(pdf, DPI), gs);
  rmSync(folder, { recursive: true });
  figure({
    what: 'PDF to bitmap against a Ghostscript process',
    medianMs: rounded(ours),
    baselineMs: rounded(theirs),
    wanted: '>= 4 times faster',
    ratio: rounded(theirs / ours),
  });
} else {
  figure({ what: 'PDF to bitmap against a Ghostscript process', skipped: 'gs is not installed' });
}
