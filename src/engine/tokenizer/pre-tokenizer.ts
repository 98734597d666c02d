import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';

/** How a text is cut into words before byte-level BPE, which never merges across two of them. */
export interface PreTokenizer {
  /** Matches one word after another and leaves nothing out. */
  pattern: RegExp;
  /** Take a word that is a piece as it stands, even where the merges would not build it. */
  takesWholeWords: boolean;
}

// JavaScript's \s has U+FEFF and lacks U+0085; the reference tokenizers mean Unicode's White_Space.
const space = '\\p{White_Space}';

const gpt2 = [
  "'s|'t|'re|'ve|'m|'ll|'d",
  ' ?\\p{L}+',
  ' ?\\p{N}+',
  ` ?[^${space}\\p{L}\\p{N}]+`,
  `${space}+(?!\\P{White_Space})`,
  `${space}+`,
].join('|');

/** Llama 3 and Qwen 2 differ only in how many digits make a word. */
function modernPattern(digits: string): string {
  return [
    "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])",
    '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+',
    digits,
    ` ?[^${space}\\p{L}\\p{N}]+[\\r\\n]*`,
    `${space}*[\\r\\n]+`,
    `${space}+(?!\\P{White_Space})`,
    `${space}+`,
  ].join('|');
}

/** By `tokenizer.ggml.pre`. A file that does not say, or says `default`, is read as GPT-2. */
export function findPreTokenizer(name: string): PreTokenizer {
  switch (name) {
    case 'default':
    case 'gpt2':
    case 'gpt-2':
      return { pattern: new RegExp(gpt2, 'gu'), takesWholeWords: false };
    case 'llama3':
    case 'llama-v3':
    case 'llama-bpe':
      return { pattern: new RegExp(modernPattern('\\p{N}{1,3}'), 'gu'), takesWholeWords: true };
    case 'qwen2':
      return { pattern: new RegExp(modernPattern('\\p{N}'), 'gu'), takesWholeWords: false };
    default:
      throw new BedsideError(
        'unsupported-model',
        sentence`unknown-pre-tokenizer: This model cuts text into words by the rule "${{ rule: name }}", which Bedside does not have.`,
        'Choose a model with a SentencePiece, GPT-2, Llama 3 or Qwen 2 tokenizer.',
      );
  }
}
