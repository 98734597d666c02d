import { getDocument, OPS } from 'pdfjs-dist/legacy/build/pdf.mjs';

interface PrintedLine {
  text: string;
  /** In points from the lower left corner of the page. */
  left: number;
  right: number;
  bottom: number;
  top: number;
}

export interface PrintedPage {
  number: number;
  width: number;
  height: number;
  text: string;
  lines: PrintedLine[];
  /** How often a picture is painted. */
  images: number;
}

/** What a printed document says, read back page by page. */
export async function readPdf(bytes: Uint8Array): Promise<PrintedPage[]> {
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0 });
  const document = await task.promise;
  const pages: PrintedPage[] = [];
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const [, , width = 0, height = 0] = page.view;
    const { items } = await page.getTextContent();
    const lines = items.flatMap(item => {
      if (!('str' in item) || item.str.trim() === '') return [];
      const [left, bottom] = [Number(item.transform[4]), Number(item.transform[5])];
      return [{ text: item.str, left, right: left + item.width, bottom, top: bottom + item.height }];
    });
    const text = items.map(item => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
    const { fnArray } = await page.getOperatorList();
    const images = fnArray.filter(operation => operation === OPS.paintImageXObject).length;
    pages.push({ number, width, height, text, lines, images });
  }
  await task.destroy();
  return pages;
}
