import { sentence } from '../sentence.ts';
import { brief, refuse, stepsOf, tableOf } from './tokenizer-tables.ts';

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const modern = (digits: string) =>
  String.raw`${contractions}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const letters = String.raw`\p{Lm}\p{Lo}\p{M}`;
const byCase = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}${letters}]*[\p{Ll}${letters}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}${letters}]+[\p{Ll}${letters}]*`;
const tekken = String.raw`${byCase}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;

/** A rule by the steps that tokenizer.json lists, and what else has to be so for GGUF's name to say it. */
interface KnownRule {
  name: string;
  /** The expressions of its steps; `digits` where each digit stands alone, `gpt-2` for the one of byte-level tokenizers. */
  steps: readonly string[];
  normalises: boolean;
  takesWholeWords: boolean;
}

const knownRules: readonly KnownRule[] = [
  { name: 'llama-bpe', steps: [modern(String.raw`\p{N}{1,3}`)], normalises: false, takesWholeWords: true },
  { name: 'smaug-bpe', steps: [modern(String.raw`\p{N}{1,3}`)], normalises: false, takesWholeWords: false },
  { name: 'qwen2', steps: [modern(String.raw`\p{N}`)], normalises: true, takesWholeWords: false },
  { name: 'deepseek-r1-qwen', steps: [modern(String.raw`\p{N}`)], normalises: false, takesWholeWords: false },
  { name: 'gpt-2', steps: ['gpt-2'], normalises: false, takesWholeWords: false },
  { name: 'olmo', steps: ['gpt-2'], normalises: true, takesWholeWords: false },
  { name: 'smollm', steps: ['digits', 'gpt-2'], normalises: false, takesWholeWords: false },
  { name: 'tekken', steps: [tekken], normalises: false, takesWholeWords: true },
];

/** What GGUF calls the rule by which a byte-level tokenizer.json cuts text into words. */
export function preTokenizerOf(file: Readonly<Record<string, unknown>>, takesWholeWords: boolean): string {
  const normalizers = stepsOf(file.normalizer, 'normalizers');
  const isKnown = normalizers.every(({ type }) => type === 'NFC');
  if (!isKnown) refuse(sentence`normalizer-is-unknown: the normalizer ${{ found: brief(file.normalizer) }}`);
  const steps = stepsOf(file.pre_tokenizer, 'pretokenizers').flatMap(step => {
    if (step.type === 'ByteLevel' && step.add_prefix_space !== true)
      return step.use_regex === false ? [] : ['gpt-2'];
    if (step.type === 'Digits' && step.individual_digits === true) return ['digits'];
    const expression = tableOf(step.pattern)?.Regex;
    const isCut = step.type === 'Split' && step.behavior === 'Isolated' && step.invert !== true;
    return [isCut && typeof expression === 'string' ? expression : brief(step)];
  });
  const rule = knownRules.find(
    known =>
      known.steps.join('\n') === steps.join('\n') &&
      known.normalises === normalizers.length > 0 &&
      known.takesWholeWords === takesWholeWords,
  );
  if (!rule) refuse(sentence`pre-tokenizer-is-unknown: the rule for words ${{ found: brief(steps) }}`);
  return rule.name;
}
