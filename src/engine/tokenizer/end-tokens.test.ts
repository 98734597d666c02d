import { describe, expect, it } from 'vitest';
import { characterOfByte } from './byte-alphabet.ts';
import { createTokenizer } from './tokenizer.ts';

/** A byte-level vocabulary with these pieces at its end, the first of them its eos. */
function endsOf(
  more: readonly { piece: string; type: number }[],
  named: { eotId?: number; eomId?: number } = {},
  merges: string[] = [],
) {
  const pieces = [...characterOfByte, ...more.map(({ piece }) => piece)];
  return createTokenizer({
    kind: 'bpe',
    pieces,
    types: Int32Array.from([...characterOfByte.map(() => 1), ...more.map(({ type }) => type)]),
    merges,
    preTokenizer: 'gpt-2',
    scores: undefined,
    bosId: undefined,
    eosId: 256,
    ...named,
    addBos: false,
    addEos: false,
    addSpacePrefix: false,
  });
}

const control = (piece: string) => ({ piece, type: 3 });
const normal = (piece: string) => ({ piece, type: 1 });

describe('end tokens', () => {
  it('are what the file names, then the pieces known to end a turn, each once', () => {
    const { endTokens, eosIds } = endsOf(
      [control('<|end_of_text|>'), control('<|turn_over|>'), control('<|eot_id|>'), control('<|tool|>')],
      { eotId: 257, eomId: 256 },
    );
    expect(endTokens).toEqual([
      { id: 256, piece: '<|end_of_text|>', statedBy: 'eos' },
      { id: 257, piece: '<|turn_over|>', statedBy: 'eot' },
      { id: 258, piece: '<|eot_id|>', statedBy: 'piece' },
    ]);
    expect(eosIds).toEqual([256, 257, 258]);
  });

  it('are markup even where a converter left them among the normal pieces', () => {
    const tokenizer = endsOf([control('<|endoftext|>'), normal('<|im_end|>')]);
    expect(tokenizer.eosIds).toEqual([256, 257]);
    expect(tokenizer.isControl(257)).toBe(true);
    expect(tokenizer.encode('<|im_end|>')).not.toContain(257);
    expect(tokenizer.encode('<|im_end|>', { parseSpecial: true })).toEqual([257]);
  });

  it('are not ordinary words that merges make', () => {
    const tokenizer = endsOf([
      control('<|endoftext|>'),
      normal('[E'),
      normal('[EO'),
      normal('_<'),
      normal('_<EOT>'),
    ]);
    expect(tokenizer.eosIds).toEqual([256, 260]);
    const merged = endsOf([control('<|end|>'), normal('<|endoftext|>')], {}, ['<|endoftext| >']);
    // The rule cuts it after "<|", so that no merge can make it of a text.
    expect(merged.eosIds).toEqual([256, 257]);
  });

  it('leave out a piece that parts passages of one answer', () => {
    const passages = [control('<|return|>'), control('<|call|>'), control('<|end|>')];
    expect(endsOf(passages).eosIds).toEqual([256, 257]);
    expect(endsOf([control('<|end|>')]).eosIds).toEqual([256]);
  });
});
