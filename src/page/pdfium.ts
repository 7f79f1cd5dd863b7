/** PDFium (WebAssembly), started once for the process. Nothing here waits on the network or on threads. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { PDFiumModule } from '@hyzyla/pdfium';

/** A page in shades of grey: one byte a pixel, 0 black to 255 white, rows from the top. */
export interface GreyPage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Bytes from row to row: `width` and white up to the next multiple of 8. */
  readonly stride: number;
  /** The engine's own memory, beginning at a multiple of 4: valid only while it is handed out. */
  readonly pixels: Uint8Array;
}

type Engine = Awaited<ReturnType<typeof PDFiumModule>>;

/** `FPDFBitmap_Gray`: PDFium draws into one byte a pixel, a third of the time of its colour path. */
const GREY_FORMAT = 1;
/** `FPDF_GRAYSCALE | FPDF_PRINTING`: no sub-pixel colour fringes on letters, images in full quality. */
const RENDER_FLAGS = 0x08 | 0x800;
/** A page of ours has at most 4 million pixels (600 dpi: 2953 x 2079). */
const MOST_PIXELS = 100_000_000;

let starting: Promise<Engine> | undefined;

async function start(): Promise<Engine> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm'));
  const wasmBinary = new Uint8Array(wasm).buffer;
  const engine = await PDFiumModule({ wasmBinary });
  engine._FPDF_InitLibraryWithConfig({});
  return engine;
}

/** Copies bytes into the engine's memory for the length of `use`. */
function withMemory<Value>(engine: Engine, length: number, use: (pointer: number) => Value): Value {
  const pointer = engine.wasmExports.malloc(length);
  if (pointer === 0) throw new Error('PDFium has no memory for the page');
  try {
    return use(pointer);
  } finally {
    engine.wasmExports.free(pointer);
  }
}

function renderPage<Value>(engine: Engine, page: number, dpi: number, use: (grey: GreyPage) => Value): Value {
  const width = Math.round((engine._FPDF_GetPageWidth(page) * dpi) / 72);
  const height = Math.round((engine._FPDF_GetPageHeight(page) * dpi) / 72);
  const stride = (width + 7) & ~7;
  const size = stride * height;
  if (!(size > 0 && size <= MOST_PIXELS)) throw new RangeError(`a page of ${width} x ${height} pixels`);
  return withMemory(engine, size, (pointer) => {
    engine.HEAPU8.fill(0xff, pointer, pointer + size);
    const bitmap = engine._FPDFBitmap_CreateEx(width, height, GREY_FORMAT, pointer, stride);
    if (bitmap === 0) throw new Error('PDFium has no memory for the page');
    try {
      engine._FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, RENDER_FLAGS);
      return use({ width, height, stride, pixels: engine.HEAPU8.subarray(pointer, pointer + size) });
    } finally {
      engine._FPDFBitmap_Destroy(bitmap);
    }
  });
}

/**
 * Renders the first page of a PDF at `dpi` dots per inch and hands it to `use`, whose result it gives back.
 * Throws an `Error` for bytes that PDFium does not read as a PDF, a `RangeError` for a page beyond all measure.
 */
export async function renderGrey<Value>(pdf: Uint8Array, dpi: number, use: (grey: GreyPage) => Value): Promise<Value> {
  starting ??= start();
  const engine = await starting;
  return withMemory(engine, pdf.length, (pointer) => {
    engine.HEAPU8.set(pdf, pointer);
    const document = engine._FPDF_LoadMemDocument(pointer, pdf.length, 0);
    if (document === 0) throw new Error('not a PDF that PDFium can read');
    try {
      const page = engine._FPDF_LoadPage(document, 0);
      if (page === 0) throw new Error('the PDF has no page');
      try {
        return renderPage(engine, page, dpi, use);
      } finally {
        engine._FPDF_ClosePage(page);
      }
    } finally {
      engine._FPDF_CloseDocument(document);
    }
  });
}
