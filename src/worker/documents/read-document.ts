import { mostSourceCharacters, type ReadText } from '../../engine/types/source-text.ts';
import { decodeText } from './decode-text.ts';
import { htmlText } from './html-text.ts';
import { mostFileBytes, mostTextBytes } from './limits.ts';
import { readPdf } from './read-pdf.ts';
import { splitPassages } from './split-passages.ts';
import { emptyText, fileTooLarge, officeFile, tooManyCharacters } from './text-errors.ts';

/** Of office programs: they are packed, or written for no reader. */
const officeName = /\.(docx?|dotx?|rtf|odt|pages|xlsx?|pptx?|epub)$/i;

/** What a file holds as text. Rejects with 'unreadable-text', which says what to do. */
export async function readDocument(
  file: Blob,
  name: string,
  onPage: (page: number, of: number) => void,
): Promise<ReadText> {
  if (file.size > mostFileBytes) throw fileTooLarge(file.size, mostFileBytes);
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const begun = String.fromCharCode(...head);
  if (begun.includes('%PDF-')) return readPdf(new Uint8Array(await file.arrayBuffer()), onPage);
  if (officeName.test(name)) throw officeFile(/\.\w+$/.exec(name)![0].toLowerCase());
  if (begun.startsWith('{\\rtf')) throw officeFile('.rtf');
  if (file.size > mostTextBytes) throw fileTooLarge(file.size, mostTextBytes);
  const { text: decoded, ...encoding } = decodeText(new Uint8Array(await file.arrayBuffer()));
  const isPage = /\.x?html?$/i.test(name) || /^\s*<(?:!doctype html|html)\b/i.test(decoded.slice(0, 1024));
  const text = isPage ? htmlText(decoded) : decoded;
  if (text.trim() === '') throw emptyText();
  if (text.length > mostSourceCharacters * 4) throw tooManyCharacters();
  return { kind: isPage ? 'html' : 'text', parts: splitPassages(text), emptyPages: [], ...encoding };
}
