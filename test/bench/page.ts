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

interface Times {
  readonly median: number;
  readonly fastest: number;
}

/** Milliseconds. Takes turns, so that what else the machine does weighs on all alike. */
async function timesOf(...runs: readonly (() => unknown)[]): Promise<Times[]> {
  const times = runs.map((): number[] => []);
  for (let count = 0; count < WARM_UP + RUNS; count += 1) {
    for (const [index, run] of runs.entries()) {
      const from = performance.now();
      await run();
      if (count >= WARM_UP) times[index]!.push(performance.now() - from);
    }
  }
  return times.map((list) => {
    const sorted = list.sort((a, b) => a - b);
    return { median: sorted[Math.floor(RUNS / 2)]!, fastest: sorted[0]! };
  });
}

const figure = (fields: Record<string, unknown>) => console.log(JSON.stringify({ bench: 'page', dpi: DPI, ...fields }));
const rounded = (value: number) => Math.round(value * 10) / 10;

const pdf = render();
const [whole, toPdf] = await timesOf(() => rasterise(render(), DPI), render);
figure({
  what: 'record to PDF to bitmap',
  medianMs: rounded(whole!.median),
  fastestMs: rounded(whole!.fastest),
  wanted: 'median < 50',
  ratio: rounded(50 / whole!.median),
});
figure({
  what: 'record to PDF',
  medianMs: rounded(toPdf!.median),
  fastestMs: rounded(toPdf!.fastest),
  bytes: pdf.length,
});

if (spawnSync('gs', ['--version']).status === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'page-bench-'));
  const file = join(folder, 'page.pdf');
  writeFileSync(file, pdf);
  const options = ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-sDEVICE=pbmraw', `-r${DPI}`, '-sOutputFile=-'];
  const gs = () => execFileSync('gs', [...options, file], { maxBuffer: 64 * 1024 * 1024 });
  const [ours, theirs] = await timesOf(() => rasterise(pdf, DPI), gs);
  rmSync(folder, { recursive: true });
  figure({
    what: 'PDF to bitmap against a Ghostscript process',
    medianMs: rounded(ours!.median),
    fastestMs: rounded(ours!.fastest),
    baselineMs: rounded(theirs!.median),
    baselineFastestMs: rounded(theirs!.fastest),
    wanted: 'ratio >= 4',
    ratio: rounded(theirs!.median / ours!.median),
  });
} else {
  figure({ what: 'PDF to bitmap against a Ghostscript process', skipped: 'gs is not installed' });
}
