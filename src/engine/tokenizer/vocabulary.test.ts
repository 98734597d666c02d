import { beforeAll, describe, expect, it } from 'vitest';
import { loadNanoVocabulary } from '../../../test/support/vocabularies.ts';
import { createTokenizer } from './tokenizer.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

const pieces = ['<unk>', '<s>', '</s>', '<0x00>', 'a', '▁'];
const valid: Record<string, unknown> = {
  model: 'llama',
  tokens: pieces,
  scores: new Float32Array(6),
  token_type: Int32Array.of(2, 3, 3, 6, 1, 1),
  bos_token_id: 1,
  eos_token_id: 2,
};

function read(changes: Record<string, unknown> = {}): Vocabulary {
  const keys = Object.entries({ ...valid, ...changes }).filter(([, value]) => value !== undefined);
  return readVocabulary(new Map(keys.map(([key, value]) => [`tokenizer.ggml.${key}`, value])));
}

describe('readVocabulary', () => {
  let nano: Vocabulary;
  beforeAll(async () => {
    nano = await loadNanoVocabulary();
  });

  it('reads the bundled model', () => {
    expect(nano).toMatchObject({
      kind: 'spm',
      bosId: 1,
      eosId: 2,
      unknownId: 0,
      addBos: true,
      addEos: false,
      addSpacePrefix: true,
    });
    expect(nano.pieces.length).toBe(4096);
    expect(nano.scores?.length).toBe(4096);
    expect(nano.types?.length).toBe(4096);
  });

  it('fills in what SentencePiece files leave out', () => {
    expect(read()).toMatchObject({
      addBos: true,
      addEos: false,
      addSpacePrefix: true,
      preTokenizer: 'default',
      unknownId: 0,
    });
    expect(read({ add_bos_token: false, add_space_prefix: false })).toMatchObject({
      addBos: false,
      addSpacePrefix: false,
    });
  });

  it('fills in what byte-level files leave out', () => {
    const bpe = read({ model: 'gpt2', merges: ['a b'], scores: undefined });
    expect(bpe).toMatchObject({ kind: 'bpe', addBos: false, addSpacePrefix: false, merges: ['a b'] });
  });

  it('believes the text of the end piece, not a wrong id', () => {
    expect(read({ eos_token_id: 1 }).eosId).toBe(2);
    expect(read({ eos_token_id: 4, token_type: undefined }).eosId).toBe(2);
    expect(read({ eos_token_id: undefined }).eosId).toBe(2);
    const tokens = [...pieces.slice(0, 5), '<|im_end|>'];
    const chat = read({ tokens, token_type: Int32Array.of(2, 3, 3, 6, 1, 3), eos_token_id: 5 });
    expect(chat.eosId).toBe(5);
    const noEnd = pieces.map(piece => (piece === '</s>' ? 'b' : piece));
    expect(read({ tokens: noEnd, eos_token_id: 4 }).eosId).toBe(4);
    // A `</s>` that is ordinary text ends nothing.
    expect(read({ token_type: Int32Array.of(2, 3, 1, 6, 1, 1), eos_token_id: 4 }).eosId).toBe(4);
  });

  it('believes a control piece that it does not know', () => {
    const tokens = [...pieces, '<|finis|>', '<|begin|>'];
    const more = { tokens, scores: new Float32Array(8), token_type: Int32Array.of(2, 3, 3, 6, 1, 1, 3, 3) };
    expect(read({ ...more, eos_token_id: 6, bos_token_id: 7 })).toMatchObject({ eosId: 6, bosId: 7 });
  });

  it('begins with the start piece by rule where the file does not say', () => {
    const bpe = { model: 'gpt2', merges: ['a b'], scores: undefined };
    expect(read({ ...bpe, pre: 'llama-bpe' }).addBos).toBe(true);
    expect(read({ ...bpe, pre: 'tekken' }).addBos).toBe(true);
    expect(read({ ...bpe, pre: 'llama-bpe', add_bos_token: false }).addBos).toBe(false);
    expect(read({ ...bpe, pre: 'qwen2' }).addBos).toBe(false);
    expect(read({ ...bpe, pre: 'qwen2', add_bos_token: true }).addBos).toBe(true);
    expect(read(bpe)).toMatchObject({ addBos: false, preTokenizer: 'default' });
  });

  it('knows Phi-3 by its architecture or its name', () => {
    const swallows = (property: string, value: unknown) => {
      const entries = Object.entries(valid).map(([key, value]): [string, unknown] => [
        `tokenizer.ggml.${key}`,
        value,
      ]);
      return readVocabulary(new Map([...entries, [property, value]])).swallowsBlanks;
    };
    expect(['phi3', 'llama', 'phi4', 3].map(id => swallows('general.architecture', id))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    const named = (name: unknown) => swallows('general.name', name);
    expect(['Phi3', 'PHI-3 mini 4k', 'my phi-3.5'].map(named)).toEqual([true, true, true]);
    expect(['Phi-4', 'SmolLM', 3].map(named)).toEqual([false, false, false]);
  });

  it('believes the text of the start piece, not a wrong id', () => {
    expect(read({ bos_token_id: 0 }).bosId).toBe(1);
    expect(read({ bos_token_id: undefined }).bosId).toBe(1);
    const noStart = pieces.map(piece => (piece === '<s>' ? 'b' : piece));
    expect(read({ tokens: noStart, bos_token_id: undefined }).bosId).toBeUndefined();
  });

  it.each([
    [{ model: undefined }, 'does not name its tokenizer'],
    [{ model: 7 }, '"tokenizer.ggml.model" is not a text'],
    [{ tokens: undefined }, 'lists no tokens'],
    [{ tokens: [] }, 'lists no tokens'],
    [{ tokens: [1] }, '"tokenizer.ggml.tokens" is not texts'],
    [{ scores: undefined }, 'no token scores'],
    [{ scores: new Float32Array(5) }, '"tokenizer.ggml.scores" has 5 entries for 6 tokens'],
    [{ scores: Float32Array.of(0, 0, 0, 0, 0, Number.NaN) }, 'score is not a number'],
    [{ scores: 'high' }, '"tokenizer.ggml.scores" is not numbers'],
    [{ token_type: new Int32Array(7) }, '7 entries for 6'],
    [{ token_type: Int32Array.of(2, 3, 3, 6, 1, 7) }, 'token 5 has the unknown type 7'],
    [{ token_type: Int32Array.of(2, 3, 3, 6, 6, 1) }, 'token 4 is marked as a byte'],
    [{ bos_token_id: 6 }, 'is 6, but there are 6 tokens'],
    [{ eos_token_id: -1 }, 'is -1'],
    [{ eos_token_id: 1.5 }, 'not a whole number'],
    [{ unknown_token_id: 'x' }, 'not a whole number'],
    [{ add_bos_token: 1 }, 'not true or false'],
    [{ model: 'gpt2' }, 'no merges'],
    [{ model: 'gpt2', merges: ['a b', 'ab'] }, 'merge 1 is not a pair'],
    [
      { eos_token_id: undefined, tokens: pieces.map(piece => piece.replace('</s>', 'b')) },
      'which token ends',
    ],
  ])('refuses %o', (changes, what) => {
    expect(() => read(changes)).toThrow(
      expect.objectContaining({ code: 'invalid-model', message: expect.stringContaining(what) }),
    );
  });

  it('names a tokenizer that Bedside does not have', () => {
    expect(() => read({ model: 't5' })).toThrow(
      expect.objectContaining({ code: 'unsupported-model', message: expect.stringContaining('"t5"') }),
    );
  });

  it('works without token types', () => {
    const guessed = createTokenizer({ ...nano, types: undefined });
    const stated = createTokenizer(nano);
    for (const text of ['Chest pain? </s> <s> <unk> <0x0A>', '💊 x']) {
      expect(guessed.encode(text)).toEqual(stated.encode(text));
    }
    expect(guessed.isControl(2)).toBe(true);
  });
});
