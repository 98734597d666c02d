import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { createWordCutter } from './cut-words.ts';
import { findPreTokenizer } from './pre-tokenizer.ts';
import { wordRules } from './word-rules.ts';

const words = (name: string, text: string) => createWordCutter(findPreTokenizer(name).passes)(text);

describe('pre-tokenizers', () => {
  it('cut as GPT-2 does', () => {
    for (const name of ['gpt-2', 'gpt2', 'phi-2', 'mpt']) {
      expect(words(name, "I'll take 250mg  twice, OK?\n\n x")).toEqual([
        'I',
        "'ll",
        ' take',
        ' 250',
        'mg',
        ' ',
        ' twice',
        ',',
        ' OK',
        '?',
        '\n\n',
        ' x',
      ]);
    }
    expect(words('gpt2', '\ufeffa\u0085b')).toEqual(['\ufeff', 'a', '\u0085', 'b']);
  });

  it('cut otherwise where no rule is named', () => {
    expect(words('default', 'a (3$) 12345 x')).toEqual(['a', ' ', '(', '3', '$)', ' ', '123', '45', ' x']);
  });

  it('cut as Llama 3 does', () => {
    expect(words('llama-bpe', "I'LL take 12345 mg.\n\n  x(y)")).toEqual([
      'I',
      "'LL",
      ' take',
      ' ',
      '123',
      '45',
      ' mg',
      '.\n\n',
      ' ',
      ' x',
      '(y',
      ')',
    ]);
  });

  it('cut as Qwen 2 does', () => {
    expect(words('qwen2', "it's 123")).toEqual(['it', "'s", ' ', '1', '2', '3']);
  });

  it('cut digits off first, whatever stands before them', () => {
    expect(words('smollm', 'dose 25 mg')).toEqual(['dose', ' ', '2', '5', ' mg']);
  });

  it('cut digits in threes from the right where the model does', () => {
    expect(words('tiny_aya', 'a1234567b 12')).toEqual(['a', '1', '234', '567', 'b', ' ', '12']);
    expect(words('superbpe', 'no 1234567 and 123')).toEqual(['no ', '1', '234', '567', ' and ', '123']);
    expect(words('superbpe', '½123½12')).toEqual(['½', '123½12']);
  });

  it('cut Han apart where the model does', () => {
    expect(words('kimi-k2', '血压BP 120')).toEqual(['血压', 'BP', ' ', '120']);
  });

  it('are refused when unknown', () => {
    expect(() => findPreTokenizer('whitespace')).toThrow(
      expect.objectContaining({
        code: 'unsupported-model',
        message: expect.stringContaining('"whitespace"'),
      }),
    );
  });
});

const names = Object.keys(wordRules) as (keyof typeof wordRules)[];
const adversarial = fc.constantFrom(
  ..."'s|'LL|'| |  |\t|\r\n|\n\n|\u00a0|\u2003|\u2028|\ufeff|\u0085|é|e\u0301|Aa|aB|Ω|µg|ø|12|1234|½|١٢٣|𝟏𝟐𝟑𝟒|漢字|々|ひら|カナ|한글|ไทย|💊|👩‍⚕️|...|(/)|`|$+<=>^~|<sentinel:12>|IMGIMGABZ|،|।|ab cd ef|-\n/\n|\u0000|\u0007|ǅ|ʰ".split(
    '|',
  ),
  ' '.repeat(70),
  '7'.repeat(11),
);
const anyText = fc
  .array(fc.oneof({ weight: 4, arbitrary: adversarial }, fc.string({ unit: 'grapheme', maxLength: 5 })), {
    maxLength: 14,
  })
  .map(parts => parts.join('').replace(/\p{Surrogate}/gu, ''));

it.each(names)('the rule %s leaves nothing out', name => {
  const cut = createWordCutter(wordRules[name]);
  fc.assert(
    fc.property(anyText, text => {
      expect(cut(text).join('')).toBe(text);
    }),
    { numRuns: 200 },
  );
});

const published = dataFile('testdata/vocabularies/pre-tokenizers.json');

describe.skipIf(!published)('pre-tokenizers as published (needs BEDSIDE_DATA)', () => {
  const { families, names: publishedNames } = published
    ? readJson<{
        families: Record<string, string[]>;
        names: Record<string, { family: string; ignore_merges: boolean; adds_bos: boolean }>;
      }>(published)
    : { families: {}, names: {} };

  it.each(names)('%s cuts as its own expressions do', name => {
    const cut = createWordCutter(wordRules[name]);
    const reference = createWordCutter(families[name]!.map(expression => ({ words: expression })));
    fc.assert(
      fc.property(anyText, text => {
        expect(cut(text)).toEqual(reference(text));
      }),
      { numRuns: 500 },
    );
  });

  it('have every name but those of models whose merges are not of bytes', () => {
    const missing = Object.entries(publishedNames).filter(([name, stated]) => {
      try {
        const { passes, takesWholeWords, addsBos } = findPreTokenizer(name);
        expect(passes, name).toBe(wordRules[stated.family as keyof typeof wordRules]);
        expect({ takesWholeWords, addsBos }, name).toEqual({
          takesWholeWords: stated.ignore_merges,
          addsBos: stated.adds_bos,
        });
        return false;
      } catch (error) {
        if ((error as Error).name === 'AssertionError') throw error;
        return true;
      }
    });
    expect(missing.map(([name]) => name)).toEqual(['gemma4', 'sarvam-moe', 'whitespace']);
  });
});
