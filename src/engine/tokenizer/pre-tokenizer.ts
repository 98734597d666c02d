import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import { type CutPass, type WordRule, wordRules } from './word-rules.ts';

/** What `tokenizer.ggml.pre` says of a byte-level tokenizer. */
export interface PreTokenizer {
  /** How a text is cut into words before merging, which never goes across two of them. */
  passes: readonly CutPass[];
  /** Take a word that is a piece as it stands, even where the merges would not build it. */
  takesWholeWords: boolean;
  /** A text begins with the start piece unless the file says otherwise. */
  addsBos: boolean;
  /** The model's own tokenizer normalises text to NFC first, which no GGUF file says. */
  normalises: boolean;
}

interface NamedRule {
  rule: WordRule;
  /** Parted by blanks. */
  names: string;
  marks?: readonly ('takesWholeWords' | 'addsBos' | 'normalises')[];
}

/** By llama.cpp (src/llama-vocab.cpp); which tokenizers normalise by their publishers' own files. */
const namedRules: readonly NamedRule[] = [
  {
    rule: 'gpt2',
    names:
      'gpt-2 gpt2 phi-2 gigachat a.x-4.0 mellum modern-bert jina-v1-en jina-v2-code roberta-bpe jina-es jina-v2-es jina-de jina-v2-de jais trillion granite-docling exaone4',
  },
  { rule: 'gpt2', names: 'mpt olmo', marks: ['normalises'] },
  { rule: 'digitsFirst', names: 'starcoder refact smollm codeshell exaone minerva-7b mellum2' },
  { rule: 'digitsFirst', names: 'command-r', marks: ['normalises'] },
  {
    rule: 'llama3',
    names: 'llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano',
    marks: ['takesWholeWords', 'addsBos'],
  },
  { rule: 'llama3', names: 'dbrx smaug-bpe chatglm-bpe' },
  { rule: 'llama3', names: 'glm4 glm5', marks: ['takesWholeWords'] },
  { rule: 'qwen2', names: 'qwen2', marks: ['normalises'] },
  {
    rule: 'qwen2',
    names: 'deepseek-r1-qwen megrez stablelm2 hunyuan solar-open grok-2 kormo f2llmv2',
  },
  { rule: 'qwen35', names: 'qwen35', marks: ['normalises'] },
  { rule: 'noContractions', names: 'ufakzeka' },
  { rule: 'default', names: 'default' },
  { rule: 'falcon', names: 'falcon' },
  { rule: 'deepseekLlm', names: 'deepseek-llm' },
  { rule: 'deepseekCoder', names: 'deepseek-coder' },
  { rule: 'deepseek3', names: 'deepseek-v3 hunyuan-dense joyai-llm hy_v4' },
  { rule: 'tekken', names: 'tekken', marks: ['takesWholeWords', 'addsBos'] },
  { rule: 'gpt4o', names: 'gpt-4o llama4 kanana2 talkie minimax-m2' },
  { rule: 'gpt4o', names: 'granite-embed-multi-97m', marks: ['takesWholeWords'] },
  { rule: 'tinyAya', names: 'tiny_aya cohere2moe', marks: ['normalises'] },
  { rule: 'jais2', names: 'jais-2' },
  { rule: 'minicpm5', names: 'minicpm5', marks: ['takesWholeWords'] },
  { rule: 'bloom', names: 'bloom poro-chat gpt3-finnish' },
  { rule: 'viking', names: 'viking' },
  { rule: 'seedCoder', names: 'seed-coder' },
  { rule: 'bailing', names: 'bailingmoe bailingmoe2 llada-moe' },
  { rule: 'exaoneMoe', names: 'exaone-moe' },
  { rule: 'laguna', names: 'laguna' },
  { rule: 'superbpe', names: 'superbpe' },
  { rule: 'chameleon', names: 'chameleon', marks: ['addsBos'] },
  { rule: 'kimi', names: 'kimi-k2' },
];

const byName: ReadonlyMap<string, PreTokenizer> = new Map(
  namedRules.flatMap(({ rule, names, marks = [] }) =>
    names.split(' ').map((name): [string, PreTokenizer] => [
      name,
      {
        passes: wordRules[rule],
        takesWholeWords: marks.includes('takesWholeWords'),
        addsBos: marks.includes('addsBos'),
        normalises: marks.includes('normalises'),
      },
    ]),
  ),
);

/** By `tokenizer.ggml.pre`; undefined for a name that Bedside does not know. */
export function lookUpPreTokenizer(name: string): PreTokenizer | undefined {
  return byName.get(name);
}

/** Like `lookUpPreTokenizer`. @throws `unsupported-model` for an unknown name */
export function findPreTokenizer(name: string): PreTokenizer {
  const found = byName.get(name);
  if (found !== undefined) return found;
  throw new BedsideError(
    'unsupported-model',
    sentence`unknown-pre-tokenizer: This model cuts text into words by the rule "${{ rule: name }}", which Bedside does not have.`,
    `Bedside has ${byName.size} such rules, those of Llama 3, Qwen, Mistral, DeepSeek, Falcon, StarCoder, SmolLM and GPT-2 among them. Models with a SentencePiece tokenizer, such as Llama 2, need none.`,
  );
}
