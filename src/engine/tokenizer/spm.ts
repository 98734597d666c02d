import { sentence } from '../sentence.ts';
import { createLiteralSplitter } from './literal-splitter.ts';
import { mergeSymbols } from './merge-symbols.ts';
import type { PieceClasses } from './piece-classes.ts';
import { pieceTypes, unusableTokenizer, type Vocabulary } from './vocabulary.ts';

/** U+2581, which SentencePiece writes for a space. */
export const visibleSpace = '\u2581';

/** Encodes well-formed text that holds no markup; `withPrefix` puts one space before it. Empty text has no ids. */
export type TextEncoderFunction = (text: string, withPrefix: boolean) => number[];

/**
 * SentencePiece's BPE: spaces become U+2581, nothing else is normalised; characters merge by score; what is in no
 * piece becomes its UTF-8 bytes or, in a vocabulary without bytes, the unknown piece.
 */
export function createSpmEncoder(vocabulary: Vocabulary, classes: PieceClasses): TextEncoderFunction {
  const { scores, unknownId } = vocabulary;
  const { text: pieceIds, symbols, byteIds, types } = classes;
  if (scores === undefined) throw unusableTokenizer(sentence`no-token-scores: it has no token scores`);
  if (unknownId === undefined && byteIds.includes(-1)) {
    throw unusableTokenizer(
      sentence`neither-bytes-nor-unknown-piece: it has neither a piece for every byte nor one for unknown characters`,
    );
  }
  // Converters write some user-defined pieces with U+2581 and some, as Gemma's runs of blanks, with spaces.
  const splitSymbols = createLiteralSplitter(
    new Map(Array.from(symbols, ([piece, id]) => [piece.replaceAll(' ', visibleSpace), id])),
  );
  const utf8 = new TextEncoder();
  let longest = 0;
  for (const piece of pieceIds.keys()) longest = Math.max(longest, piece.length);

  function encodeFragment(text: string, ids: number[]): void {
    // Where an unused piece was put together, so that it can be taken apart again.
    const seams = new Map<string, number>();
    const starts = mergeSymbols(characterStarts(text), text.length, (start, middle, end) => {
      if (end - start > longest) return Number.NaN;
      const piece = text.slice(start, end);
      const id = pieceIds.get(piece);
      if (id === undefined) return Number.NaN;
      if (types[id] === pieceTypes.unused) seams.set(piece, middle - start);
      return scores![id]!;
    });
    const emit = (symbol: string): void => {
      const id = pieceIds.get(symbol);
      const seam = seams.get(symbol);
      if (id === undefined) emitBytes(symbol, ids);
      else if (seam === undefined) ids.push(id);
      else {
        emit(symbol.slice(0, seam));
        emit(symbol.slice(seam));
      }
    };
    starts.forEach((start, index) => {
      emit(text.slice(start, starts[index + 1]));
    });
  }

  function emitBytes(symbol: string, ids: number[]): void {
    const bytes = utf8.encode(symbol);
    if (bytes.every(byte => byteIds[byte]! >= 0)) for (const byte of bytes) ids.push(byteIds[byte]!);
    else ids.push(unknownId!);
  }

  return (text, withPrefix) => {
    if (text === '') return [];
    const ids: number[] = [];
    const escaped = (withPrefix ? ` ${text}` : text).replaceAll(' ', visibleSpace);
    for (const fragment of splitSymbols(escaped)) {
      if ('id' in fragment) ids.push(fragment.id);
      else encodeFragment(fragment.text, ids);
    }
    return ids;
  };
}

function characterStarts(text: string): number[] {
  const starts: number[] = [];
  for (let index = 0; index < text.length; index++) {
    starts.push(index);
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00) index++;
  }
  return starts;
}
