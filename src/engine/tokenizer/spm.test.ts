import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { countTextWork } from '../../../test/support/text-work.ts';
import {
  type EncodingCase,
  loadNanoVocabulary,
  loadReferenceVocabulary,
  readGolden,
  readReferenceCases,
  referenceFolder,
  withPieces,
} from '../../../test/support/vocabularies.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';
import { pieceTypes, type Vocabulary } from './vocabulary.ts';

const data = referenceFolder;
let nano: Vocabulary;
beforeAll(async () => {
  nano = await loadNanoVocabulary();
});

describe('SentencePiece BPE, the bundled vocabulary against sentencepiece itself', () => {
  const golden = readGolden('golden-tokenizer.json') as Record<string, EncodingCase[]>;

  it('encodes every case with the space prefix', () => {
    const tokenizer = createTokenizer(nano);
    const cases = golden.with_space_prefix!;
    expect(cases.length).toBe(290);
    for (const { text, ids } of cases) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  it('encodes every case without the space prefix', () => {
    const tokenizer = createTokenizer({ ...nano, addSpacePrefix: false });
    const cases = golden.without_space_prefix!;
    expect(cases.length).toBe(290);
    for (const { text, ids } of cases) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  it('takes the space prefix from the options where they name it', () => {
    const tokenizer = createTokenizer(nano);
    for (const { text, ids } of golden.without_space_prefix!) {
      expect(tokenizer.encode(text, { spacePrefix: false })).toEqual(ids);
    }
  });
});

describe('SentencePiece BPE, published vocabularies', () => {
  async function check(vocabulary: string, cases: EncodingCase[], count: number, addBos = false) {
    const tokenizer = createTokenizer(await loadReferenceVocabulary(vocabulary));
    expect(cases.length).toBe(count);
    for (const { text, ids } of cases) {
      expect(tokenizer.encode(text, { addBos }), JSON.stringify(text)).toEqual(ids);
      if (!text.includes('\u2581')) expect(tokenizer.decode(ids)).toBe(text);
    }
  }

  it.skipIf(!data)('LLaMA, 53 cases of sentencepiece (needs BEDSIDE_DATA)', () =>
    check('ggml-vocab-llama-spm.gguf', readReferenceCases('llama_sentencepiece_vectors.json'), 53),
  );
  it.skipIf(!data)('LLaMA, 46 cases of llama.cpp (needs BEDSIDE_DATA)', () =>
    check('ggml-vocab-llama-spm.gguf', readReferenceCases('ggml-vocab-llama-spm.gguf'), 46),
  );
  it.skipIf(!data)('LLaMA, 13 medical texts and whole prompts (needs BEDSIDE_DATA)', () => {
    const { llama_spm } = readGolden('model-test-vectors.json') as { llama_spm: EncodingCase[] };
    return check('ggml-vocab-llama-spm.gguf', llama_spm, 13, true);
  });
  it.skipIf(!data)('InternLM2, 53 cases of sentencepiece (needs BEDSIDE_DATA)', () =>
    check('vocab-internlm2.gguf', readReferenceCases('internlm2_sentencepiece_vectors.json'), 53),
  );
});

describe('SentencePiece BPE, the algorithm', () => {
  const at = (vocabulary: Vocabulary, text: string) => createTokenizer(vocabulary).encode(text);

  it('merges as a search for the best pair does', () => {
    const tokenizer = createTokenizer(nano);
    const words = fc.constantFrom(
      'the ',
      'patient',
      'oo',
      '  ',
      '▁',
      'é',
      '🦙',
      'aaaa',
      '</',
      's>',
      '\n',
      'ing',
    );
    const texts = fc.oneof(
      fc.array(words, { maxLength: 8 }).map(parts => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, text => {
        expect(tokenizer.encode(text, { spacePrefix: false })).toEqual(encodeBySearch(nano, tokenizer, text));
      }),
      { numRuns: 400 },
    );
  });

  it('falls back to bytes, and to the unknown piece where bytes are missing', () => {
    expect(at(nano, '💊').slice(-4)).toEqual(
      [0xf0, 0x9f, 0x92, 0x8a].map(byte => nano.pieces.indexOf(`<0x${byte.toString(16).toUpperCase()}>`)),
    );
    const types = nano.types!.map(type => (type === pieceTypes.byte ? pieceTypes.unused : type));
    expect(at({ ...nano, types }, '💊').at(-1)).toBe(nano.unknownId);
    expect(() => createTokenizer({ ...nano, types, unknownId: undefined })).toThrow(
      /neither a piece for every byte/,
    );
  });

  it('takes unused pieces apart again', () => {
    const id = nano.pieces.indexOf('▁patient');
    expect(at(nano, 'patient')).toEqual([id]);
    const types = nano.types!.slice();
    types[id] = pieceTypes.unused;
    const ids = at({ ...nano, types }, 'patient');
    expect(ids).not.toContain(id);
    expect(ids.map(piece => nano.pieces[piece]).join('')).toBe('▁patient');
    expect(ids.length).toBe(2);
  });

  it('finds user-defined text before merging, and merges nothing across it', () => {
    const vocabulary = withPieces(nano, [{ piece: 'atie', type: pieceTypes.userDefined }]);
    const ids = at(vocabulary, 'patients');
    expect(ids.map(id => vocabulary.pieces[id])).toContain('atie');
    expect(createTokenizer(vocabulary).decode(ids)).toBe('patients');
  });

  it('takes work that grows no faster than the text, whatever it is', () => {
    const tokenizer = createTokenizer(nano);
    const longest = Math.max(...nano.pieces.map(piece => piece.length));
    const prose =
      'The patient, aged 57, presented with chest pain (7/10) and dyspnoea; troponin 0.4 ng/mL.\n';
    for (const unit of [prose, ' ', 'a', 'ab', '\n', '💊', 'ー']) {
      const text = unit.repeat(Math.ceil(20_000 / unit.length));
      const { lookups, unitsCut } = countTextWork(() => void tokenizer.encode(text));
      // Each pair is looked up when it comes to be: the first ones, and two for every merge.
      expect(lookups, JSON.stringify(unit)).toBeLessThanOrEqual(3.1 * text.length);
      // And no piece is longer than the longest of the vocabulary.
      expect(unitsCut, JSON.stringify(unit)).toBeLessThanOrEqual(longest * lookups);
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
  });
});

/** The definition, in quadratic time: join the pair of best score, leftmost first, until none joins. */
function encodeBySearch(vocabulary: Vocabulary, tokenizer: Tokenizer, text: string): number[] {
  const mergeable = new Map<string, number>();
  vocabulary.pieces.forEach((piece, id) => {
    if (vocabulary.types![id] === pieceTypes.normal) mergeable.set(piece, id);
  });
  const symbols = [...text.replaceAll(' ', '▁')].map(symbol =>
    /\p{Surrogate}/u.test(symbol) ? '\ufffd' : symbol,
  );
  for (;;) {
    let best = -1;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (let left = 0; left + 1 < symbols.length; left++) {
      const id = mergeable.get(symbols[left]! + symbols[left + 1]!);
      if (id !== undefined && vocabulary.scores![id]! > bestScore) {
        best = left;
        bestScore = vocabulary.scores![id]!;
      }
    }
    if (best < 0) break;
    symbols.splice(best, 2, symbols[best]! + symbols[best + 1]!);
  }
  return symbols.flatMap(symbol => {
    const id = mergeable.get(symbol);
    if (id !== undefined) return [id];
    const bytes = [...new TextEncoder().encode(symbol)];
    return bytes.map(byte => tokenizer.idOf(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`)!);
  });
}
