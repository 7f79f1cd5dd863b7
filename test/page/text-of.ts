import { PDFiumLibrary } from '@hyzyla/pdfium';

/** The text of a PDF's first page as PDFium finds it, lines from the top. */
export async function textOf(pdf: Uint8Array): Promise<string> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  try {
    return document.getPage(0).getText();
  } finally {
    document.destroy();
    library.destroy();
  }
}
