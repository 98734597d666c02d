/**
 * The text of a PDF, by pdf.js. Both halves of it run in this worker, one thread and one script: its own worker would be a further one.
 * Nothing is evaluated, drawn or fetched.
 */
import type { DocumentInitParameters, TextItem } from 'pdfjs-dist/types/src/display/api.d.ts';
// First: it says where the other half is, which is then not looked for.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { BedsideError } from '../../engine/errors.ts';
import { mostSourceCharacters, type ReadText, type SourcePart } from '../../engine/types/source-text.ts';
import { mostPages } from './limits.ts';
import type { PlacedText } from './page-lines.ts';
import { pageText } from './page-text.ts';
import { damagedPdf, encryptedPdf, noTextInPdf, tooManyCharacters, tooManyPages } from './text-errors.ts';

const options: DocumentInitParameters = {
  isEvalSupported: false,
  useWorkerFetch: false,
  useWasm: false,
  useSystemFonts: false,
  disableFontFace: true,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  enableXfa: false,
  stopAtErrors: false,
  disableAutoFetch: true,
  disableStream: true,
  verbosity: 0,
};

/** Rejects with 'unreadable-text'. Calls `onPage` before each page is read, where it can be stopped. */
export async function readPdf(
  bytes: Uint8Array,
  onPage: (page: number, of: number) => void,
): Promise<ReadText> {
  const task = getDocument({ ...options, data: bytes });
  try {
    const file = await task.promise;
    if (file.numPages > mostPages) throw tooManyPages(file.numPages);
    const parts: SourcePart[] = [];
    const emptyPages: number[] = [];
    let characters = 0;
    for (let number = 1; number <= file.numPages; number++) {
      onPage(number, file.numPages);
      const page = await file.getPage(number);
      const { items } = await page.getTextContent({
        includeMarkedContent: false,
        disableNormalization: true,
      });
      const text = pageText(items.flatMap(item => ('str' in item ? [placed(item)] : [])));
      page.cleanup();
      characters += text.length;
      if (characters > mostSourceCharacters * 4) throw tooManyCharacters();
      if (text.trim() === '') emptyPages.push(number);
      else parts.push({ number, text });
    }
    if (parts.length === 0) throw noTextInPdf();
    return { kind: 'pdf', parts, emptyPages };
  } catch (thrown) {
    if (thrown instanceof BedsideError) throw thrown;
    throw (thrown as Error | null)?.name === 'PasswordException' ? encryptedPdf() : damagedPdf(thrown);
  } finally {
    await task.destroy();
  }
}

function placed({ str, dir, transform, width, height }: TextItem): PlacedText {
  const [, , skew, rise, x, y] = transform as number[];
  return {
    text: str,
    x: x!,
    y: y!,
    width,
    height: height || Math.hypot(skew!, rise!),
    isRightToLeft: dir === 'rtl',
  };
}
