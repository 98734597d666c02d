import { describe, expect, it } from 'vitest';
import { countTextWork } from '../../../test/support/text-work.ts';
import {
  loadReferenceVocabulary,
  readReferenceCases,
  referenceFolder,
} from '../../../test/support/vocabularies.ts';
import { characterOfByte, readBytes, writeBytes } from './byte-alphabet.ts';
import { createTokenizer } from './tokenizer.ts';
import type { Vocabulary } from './vocabulary.ts';

const data = referenceFolder;

/** The 256 bytes, what the merges make, and an end piece. */
function smallVocabulary(merges: string[], preTokenizer = 'gpt-2', more: string[] = []): Vocabulary {
  const pieces = [
    ...characterOfByte,
    ...merges.map(merge => merge.replace(' ', '')),
    ...more,
    '<|endoftext|>',
  ];
  const types = Int32Array.from(pieces, (_, id) => (id === pieces.length - 1 ? 3 : 1));
  const end = pieces.length - 1;
  return {
    kind: 'bpe',
    pieces,
    types,
    merges,
    preTokenizer,
    scores: undefined,
    bosId: end,
    eosId: end,
    addBos: false,
    addEos: false,
    addSpacePrefix: false,
  };
}

describe('byte-level BPE', () => {
  it.skipIf(!data)('GPT-2, 46 cases of llama.cpp (needs BEDSIDE_DATA)', async () => {
    const tokenizer = createTokenizer(await loadReferenceVocabulary('ggml-vocab-gpt-2.gguf'));
    const cases = readReferenceCases('ggml-vocab-gpt-2.gguf');
    expect(cases.length).toBe(46);
    for (const { text, ids } of cases) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(text);
    }
  });

  it.skipIf(!data)('GPT-2, work that grows no faster than the text (needs BEDSIDE_DATA)', async () => {
    const vocabulary = await loadReferenceVocabulary('ggml-vocab-gpt-2.gguf');
    const tokenizer = createTokenizer(vocabulary);
    const longest = Math.max(...vocabulary.pieces.map(piece => piece.length));
    for (const unit of ['The patient presented with chest pain.\n', 'a', ' ', '💊']) {
      const text = unit.repeat(Math.ceil(20_000 / unit.length));
      const bytes = new TextEncoder().encode(text).length;
      const { lookups, unitsCut } = countTextWork(() => void tokenizer.encode(text));
      // The pairs of neighbouring bytes, two more for every merge, and the pieces themselves.
      expect(lookups, JSON.stringify(unit)).toBeLessThanOrEqual(4 * bytes);
      expect(unitsCut, JSON.stringify(unit)).toBeLessThanOrEqual(2 * longest * lookups);
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
  });

  it('writes bytes as GPT-2 does', () => {
    expect(characterOfByte[0]).toBe('\u0100');
    expect(characterOfByte[0x20]).toBe('Ġ');
    expect(characterOfByte[0x0a]).toBe('Ċ');
    expect(characterOfByte[0xad]).toBe('\u0143');
    expect(new Set(characterOfByte).size).toBe(256);
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(readBytes(writeBytes(bytes))).toEqual(bytes);
    expect(readBytes('▁')).toBeUndefined();
  });

  it('merges by rank, leftmost first, within words only', () => {
    const vocabulary = smallVocabulary(['b c', 'a b', 'a bc', 'Ġ a']);
    const { encode, pieceText } = createTokenizer(vocabulary);
    const pieces = (text: string) => encode(text).map(pieceText);
    expect(pieces('abc')).toEqual(['abc']);
    expect(pieces('abab')).toEqual(['ab', 'ab']);
    expect(pieces('a abc')).toEqual(['a', 'Ġ', 'abc']);
    expect(pieces('b c')).toEqual(['b', 'Ġ', 'c']);
    expect(pieces(' a')).toEqual(['Ġa']);
  });

  it('spells a merge that is no piece byte by byte', () => {
    const vocabulary = { ...smallVocabulary([]), merges: ['a b'] };
    const { encode, pieceText } = createTokenizer(vocabulary);
    expect(encode('ab').map(pieceText)).toEqual(['a', 'b']);
  });

  it('refuses a vocabulary without merges or without a visible character', () => {
    expect(() => createTokenizer({ ...smallVocabulary([]), merges: undefined })).toThrow(/lacks merges/);
    const pieces = smallVocabulary([]).pieces.map(piece => (piece === 'a' ? 'aa' : piece));
    expect(() => createTokenizer({ ...smallVocabulary([]), pieces })).toThrow(/piece for some byte/);
  });

  it('leaves a byte without a piece out', () => {
    const bell = characterOfByte[0x07]!;
    const pieces = smallVocabulary([]).pieces.map(piece => (piece === bell ? 'aa' : piece));
    const { encode, pieceText } = createTokenizer({ ...smallVocabulary([]), pieces });
    expect(encode('a\u0007b').map(pieceText)).toEqual(['a', 'b']);
    expect(encode('\u0007')).toEqual([]);
  });

  it('takes whole words that are pieces where the rule says so', () => {
    const read = (rule: string) => {
      const { encode, pieceText } = createTokenizer(smallVocabulary([], rule, ['Ġdose']));
      return encode('a dose').map(pieceText);
    };
    expect(read('llama-bpe')).toEqual(['a', 'Ġdose']);
    expect(read('smaug-bpe')).toEqual(['a', 'Ġ', 'd', 'o', 's', 'e']);
  });

  it('normalises to NFC where the model does, and nowhere else', () => {
    const read = (rule: string, text: string) => {
      const { encode, decode } = createTokenizer(smallVocabulary([], rule));
      return decode(encode(text));
    };
    expect(read('qwen2', 'Me\u0301nie\u0300re')).toBe('Ménière');
    expect(read('llama-bpe', 'Me\u0301nie\u0300re')).toBe('Me\u0301nie\u0300re');
    // What no language has is left as it is: sorting it would take quadratic time.
    const marks = '\u0301\u0323'.repeat(200);
    expect(read('qwen2', `e\u0301${marks}`)).toBe(`e\u0301${marks}`);
  });

  it('takes user-defined pieces from any text before words are cut', () => {
    const small = smallVocabulary([], 'mpt', ['  ', 'ø', '[PAD7]']);
    const types = small.types!.map((type, id) =>
      ['  ', 'ø', '[PAD7]'].includes(small.pieces[id]!) ? 4 : type,
    );
    const { encode, decode, pieceText } = createTokenizer({ ...small, types });
    expect(encode('a   bø').map(pieceText)).toEqual(['a', '  ', 'Ġ', 'b', 'ø']);
    expect(decode(encode('a   bø'))).toBe('a   bø');
    expect(encode('[PAD7]').map(pieceText)).not.toContain('[PAD7]');
    expect(encode('[PAD7]', { parseSpecial: true }).map(pieceText)).toEqual(['[PAD7]']);
  });
});
