import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { type EncodingCase, loadVocabulary } from '../../../test/support/vocabularies.ts';
import { createTokenizer, type Tokenizer } from './tokenizer.ts';

/** Of `extra.json`: our clinical strings, with the ids of llama.cpp, and of a user's text where llama.cpp takes it for markup. */
interface ClinicalCases {
  tokenizer: string;
  adds_bos_by_llama_cpp: boolean;
  cases: { text: string; ids: number[]; ids_specials: number[]; ids_as_text?: number[] }[];
}

const folder = 'testdata/vocabularies/external';
const extra = dataFile('testdata/vocabularies/extra.json');
const clinical = extra ? readJson<{ vocabularies: Record<string, ClinicalCases> }>(extra).vocabularies : {};
const names = [
  'deepseek-coder',
  'deepseek-llm',
  'falcon',
  'gpt-2',
  'llama-bpe',
  'llama-spm',
  'phi-3',
  'qwen2',
  'starcoder',
];
const noExtra = extra ? '' : ' (needs BEDSIDE_DATA)';

const loaded = new Map<string, Promise<Tokenizer>>();

function load(name: string): Promise<Tokenizer> {
  const found =
    loaded.get(name) ?? loadVocabulary(dataFile(`${folder}/ggml-vocab-${name}.gguf`)!).then(createTokenizer);
  loaded.set(name, found);
  return found;
}

/** The texts that llama.cpp publishes with its vocabularies, and the ids of the models' own tokenizers. */
function readPublishedCases(name: string): EncodingCase[] {
  const read = (ending: string) =>
    readFileSync(dataFile(`${folder}/ggml-vocab-${name}.gguf.${ending}`)!, 'utf8');
  const answers = read('out').split('\n');
  return read('inp')
    .split('\n__ggml_vocab_test__\n')
    .map((text, index) => ({ text, ids: (answers[index] ?? '').split(' ').filter(Boolean).map(Number) }));
}

/** Qwen's own tokenizer normalises and llama.cpp does not: of decomposed text the ids are those of the composed one. */
const isLeftToNfc = (name: string, text: string) => name === 'qwen2' && text !== text.normalize('NFC');

describe.skipIf(!extra).each(names)(`the vocabulary %s${noExtra}`, name => {
  it('encodes the 47 published texts as the model does', async () => {
    const tokenizer = await load(name);
    const cases = readPublishedCases(name);
    expect(cases.length).toBe(47);
    for (const { text, ids } of cases) expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
  });

  it('encodes the 32 clinical texts, as text and with markup', async () => {
    const tokenizer = await load(name);
    const { cases } = clinical[name]!;
    expect(cases.length).toBe(32);
    for (const { text, ids, ids_as_text: asText, ids_specials: withMarkup } of cases) {
      const shown = JSON.stringify(text);
      if (isLeftToNfc(name, text)) {
        expect(tokenizer.encode(text), shown).toEqual(tokenizer.encode(text.normalize('NFC')));
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.normalize('NFC'));
        continue;
      }
      expect(tokenizer.encode(text), shown).toEqual(asText ?? ids);
      expect(tokenizer.encode(text, { parseSpecial: true }), shown).toEqual(withMarkup);
    }
  });

  it('begins with the start piece where llama.cpp does', async () => {
    const tokenizer = await load(name);
    expect(tokenizer.addsBos).toBe(clinical[name]!.adds_bos_by_llama_cpp);
  });
});

const smol = dataFile('testdata/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf');
const smolGolden = dataFile('testdata/smollm2/golden.json');

describe.skipIf(!smol)(`SmolLM2${smol ? '' : ' (needs BEDSIDE_DATA)'}`, () => {
  it('encodes 62 texts, as text and with markup, and ends at its own piece first', async () => {
    const tokenizer = createTokenizer(await loadVocabulary(smol!));
    const { tokenizer_cases: cases } = readJson<{
      tokenizer_cases: { text: string; ids: number[]; ids_specials_as_text: number[] }[];
    }>(smolGolden!);
    expect(cases.length).toBe(62);
    for (const { text, ids, ids_specials_as_text: asText } of cases) {
      expect(tokenizer.encode(text, { parseSpecial: true }), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(asText);
    }
    expect(tokenizer.addsBos).toBe(false);
    expect(tokenizer.endTokens).toEqual([
      { id: 2, piece: '<|im_end|>', statedBy: 'eos' },
      { id: 0, piece: '<|endoftext|>', statedBy: 'piece' },
    ]);
  });
});

interface PromptIds {
  vocabulary: string;
  begins_with_bos: boolean;
  cases: { name: string; ids: number[] }[];
}
interface Rendered {
  name: string;
  rendered: string;
  contents: [start: number, end: number, ...rest: unknown[]][];
}
const promptIds = dataFile('testdata/chat-templates/prompt-ids.json');
const rendered = dataFile('testdata/chat-templates/golden.json');

describe.skipIf(!promptIds)(`prompts of chat templates${noExtra}`, () => {
  const prompts = promptIds ? readJson<{ templates: Record<string, PromptIds> }>(promptIds).templates : {};
  const golden = rendered
    ? readJson<{ templates: Record<string, { cases: Rendered[] }> }>(rendered).templates
    : {};

  it.each(Object.keys(prompts))(
    '%s: what people wrote is text, the start piece is there once',
    async template => {
      const { vocabulary, begins_with_bos: addBos, cases } = prompts[template]!;
      const tokenizer = await load(vocabulary);
      for (const { name, ids } of cases) {
        const found = golden[template]!.cases.find(one => one.name === name)!;
        if (isLeftToNfc(vocabulary, found.rendered)) continue;
        let end = 0;
        const parts = found.contents.flatMap(([from, to]) => {
          const before = found.rendered.slice(end, from);
          end = to;
          return [
            { text: before, special: true },
            { text: found.rendered.slice(from, to), special: false },
          ];
        });
        parts.push({ text: found.rendered.slice(end), special: true });
        expect(tokenizer.encodeParts(parts, { addBos }), name).toEqual(ids);
      }
    },
  );
});
