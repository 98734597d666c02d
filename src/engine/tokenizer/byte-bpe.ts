import { sentence } from '../sentence.ts';
import { characterOfByte, writeBytes } from './byte-alphabet.ts';
import { createWordCutter } from './cut-words.ts';
import { createLiteralSplitter } from './literal-splitter.ts';
import { mergeSymbols } from './merge-symbols.ts';
import type { PieceClasses } from './piece-classes.ts';
import { findPreTokenizer } from './pre-tokenizer.ts';
import type { TextEncoderFunction } from './spm.ts';
import { unusableTokenizer, type Vocabulary } from './vocabulary.ts';

const visibleAscii = characterOfByte.slice(0x21, 0x7f);

/**
 * GPT-2's byte-level BPE: words are cut by a rule, written byte by byte in a printable alphabet, and merged by rank. A byte
 * that has no piece is left out, as llama.cpp and Hugging Face's tokenizers leave it out: StarCoder, Falcon and SmolLM lack
 * pieces for bytes that no UTF-8 has and for rare control characters. A vocabulary that lacks visible ASCII is none of bytes.
 */
export function createByteBpeEncoder(vocabulary: Vocabulary, classes: PieceClasses): TextEncoderFunction {
  const { passes, takesWholeWords, normalises } = findPreTokenizer(vocabulary.preTokenizer);
  const { text: pieceIds, symbols, all } = classes;
  if (vocabulary.merges === undefined || visibleAscii.some(character => !all.has(character))) {
    throw unusableTokenizer(sentence`no-merges-or-bytes: it lacks merges or a piece for some byte`);
  }
  const ranks = new Map<string, number>();
  vocabulary.merges.forEach((merge, rank) => {
    if (!ranks.has(merge)) ranks.set(merge, rank);
  });
  const cutWords = createWordCutter(passes);
  const splitSymbols = createLiteralSplitter(symbols);
  const utf8 = new TextEncoder();

  function encodeWord(word: string, ids: number[]): void {
    const whole = takesWholeWords ? pieceIds.get(word) : undefined;
    if (whole !== undefined) {
      ids.push(whole);
      return;
    }
    const bytes = Array.from(word, (_, index) => index);
    const starts = mergeSymbols(bytes, word.length, (start, middle, end) => {
      const rank = ranks.get(`${word.slice(start, middle)} ${word.slice(middle, end)}`);
      return rank === undefined ? Number.NaN : -rank;
    });
    starts.forEach((start, index) => {
      const symbol = word.slice(start, starts[index + 1]);
      const id = pieceIds.get(symbol);
      // A merge may lead to a text that is no piece; its bytes are.
      if (id !== undefined) {
        ids.push(id);
        return;
      }
      for (const character of symbol) {
        const byteId = pieceIds.get(character);
        if (byteId !== undefined) ids.push(byteId);
      }
    });
  }

  return (text, withPrefix) => {
    if (text === '') return [];
    const ids: number[] = [];
    const normal = normalises ? normalise(text) : text;
    for (const fragment of splitSymbols(withPrefix ? ` ${normal}` : normal)) {
      if ('id' in fragment) ids.push(fragment.id);
      else for (const word of cutWords(fragment.text)) encodeWord(writeBytes(utf8.encode(word)), ids);
    }
    return ids;
  };
}

/**
 * To NFC. Runs of more than 256 marks stay as they are: no language has them, and sorting them takes time that grows with the
 * square of their number.
 */
function normalise(text: string): string {
  return text
    .split(/(?<!\p{M})(\p{M}{257,})/u)
    .map((part, index) => (index % 2 === 0 ? part.normalize('NFC') : part))
    .join('');
}
