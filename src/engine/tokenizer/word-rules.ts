import { casedLetters } from './cased-letters.ts';

/**
 * One way through a text: it is cut where `words` matches, and what lies between two matches stays a piece too. Expressions
 * have the flags `gu`, or `gv` where they take classes from each other.
 */
export type CutPass =
  | { words: string; flags?: 'gv' }
  /** Runs of digits in threes, counted from the right; `apart` from what stands around the run. */
  | { threesOf: string; apart: boolean };

// JavaScript's \s has U+FEFF and lacks U+0085; the reference tokenizers mean Unicode's White_Space.
const space = String.raw`\p{White_Space}`;
const blanks = [String.raw`${space}+(?!\P{White_Space})`, `${space}+`];
const newlines = String.raw`${space}*[\r\n]+`;
const oneNewline = String.raw`${space}*[\r\n]`;
const others = String.raw` ?[^${space}\p{L}\p{N}]+`;
const othersAndNewlines = String.raw`${others}[\r\n]*`;
const othersAndSlashes = String.raw`${others}[\r\n\/]*`;
const contraction = "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])";
const wordStart = String.raw`[^\r\n\p{L}\p{N}]?`;
const word = String.raw`${wordStart}\p{L}+`;
const oneToThree = String.raw`\p{N}{1,3}`;
const oneDigit = String.raw`\p{N}`;

const alternatives = (...list: readonly string[]): CutPass => ({ words: list.join('|') });
const digitsApart: CutPass = { words: oneDigit };
const gpt2 = alternatives(
  "'s|'t|'re|'ve|'m|'ll|'d",
  String.raw` ?\p{L}+`,
  String.raw` ?\p{N}+`,
  others,
  ...blanks,
);
const threeDigits: CutPass = { words: '[0-9][0-9][0-9]' };
const newlineRuns: CutPass = { words: String.raw`[^\n]+|\n+` };
const hanKanaHangul = String.raw`[\u4E00-\u9FA5\u0800-\u4E00\uAC00-\uD7FF]+`;

/** Llama 3 and its kin, who differ in what makes a number of digits a word. */
function modern(digits: string): CutPass {
  return alternatives(contraction, word, digits, othersAndNewlines, newlines, ...blanks);
}

/** A word in which capitals come before small letters, so that "HbA" is one and "aB" are two. */
function byCase(upper: string, lower: string, ending = ''): string[] {
  return [`${wordStart}${upper}*${lower}+${ending}`, `${wordStart}${upper}+${lower}*${ending}`];
}

const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const gpt4o = alternatives(
  ...byCase(upper, lower, `(?:${contraction})?`),
  oneToThree,
  othersAndSlashes,
  newlines,
  ...blanks,
);
const bloom: CutPass = {
  words: String.raw` ?[^(${space}|.,!?\u2026\u3002\uFF0C\u3001\u0964\u06D4\u060C)]+`,
};

/**
 * The rules by which byte-level tokenizers cut a text into words, in passes: each cuts every piece of the one before and sees
 * that piece alone. From llama.cpp (src/llama-vocab.cpp, src/unicode.cpp), `\s` written as what it means there.
 *
 * Four are written otherwise and cut the same, because as they stand there they take time that grows with the square of a run
 * of blanks or digits: `deepseekLlm` (its fourth pass), `jais2`, `tinyAya` and `superbpe`; two more so that no group is
 * repeated for each letter: `exaoneMoe` and `kimi`.
 */
export const wordRules = {
  gpt2: [gpt2],
  digitsFirst: [digitsApart, gpt2],
  llama3: [modern(oneToThree)],
  qwen2: [modern(oneDigit)],
  qwen35: [
    alternatives(
      contraction,
      String.raw`${wordStart}[\p{L}\p{M}]+`,
      oneDigit,
      String.raw` ?[^${space}\p{L}\p{M}\p{N}]+[\r\n]*`,
      newlines,
      ...blanks,
    ),
  ],
  default: [{ words: String.raw`[\p{P}$+<=>^~\|]+` }, gpt2, { words: String.raw`\p{N}+` }, threeDigits],
  falcon: [{ words: String.raw`[\p{P}$+<=>^~\|\x60]+` }, gpt2, threeDigits],
  deepseekLlm: [
    { words: String.raw`[\r\n]` },
    { words: `${space}?[${casedLetters}]+` },
    { words: String.raw`${space}?[!-\/:-~\uFF01-\uFF0F\uFF1A-\uFF5E\u2018-\u201F\u3000-\u3002]+` },
    // Only from where a run of blanks begins.
    { words: `(?<!${space})${space}+$` },
    { words: hanKanaHangul },
    { words: String.raw`\p{N}+` },
  ],
  deepseekCoder: [
    { words: String.raw`[\r\n]` },
    { words: String.raw`${space}?\p{L}+` },
    { words: String.raw`${space}?\p{P}+` },
    { words: hanKanaHangul },
    digitsApart,
  ],
  deepseek3: [
    { words: oneToThree },
    { words: String.raw`[\u4E00-\u9FA5\u3040-\u309F\u30A0-\u30FF]+` },
    alternatives(
      String.raw`[!"#$%&'()*+,\-.\/:;<=>?@\[\\\]^_\x60\{\|\}~][A-Za-z]+`,
      String.raw`[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+`,
      String.raw` ?[\p{P}\p{S}]+[\r\n]*`,
      newlines,
      ...blanks,
    ),
  ],
  tekken: [alternatives(...byCase(upper, lower), oneDigit, othersAndSlashes, newlines, ...blanks)],
  gpt4o: [gpt4o],
  tinyAya: [{ threesOf: String.raw`\p{Nd}`, apart: true }, gpt4o],
  jais2: [
    alternatives(
      contraction,
      word,
      oneToThree,
      othersAndNewlines,
      // Not after a blank: whoever took that one looked for newlines in the whole run.
      String.raw`(?<![^\P{White_Space}\r\n])${newlines}`,
      ...[512, 256, 128, 64, 32, 16, 8, 4].map(count => String.raw`${space}{${count}}(?!\P{White_Space})`),
      String.raw`${space}{1,2}(?!\P{White_Space})`,
      space,
    ),
  ],
  minicpm5: [{ words: oneToThree }, modern(String.raw`\p{N}+`)],
  bloom: [bloom],
  viking: [bloom, digitsApart],
  seedCoder: [
    alternatives(contraction, word, oneDigit, String.raw` ?[^${space}\p{L}\p{N}\r\n]+`, newlines, ...blanks),
  ],
  bailing: [alternatives(contraction, word, oneDigit, othersAndNewlines, oneNewline, ...blanks)],
  noContractions: [alternatives(word, oneDigit, othersAndNewlines, newlines, ...blanks)],
  exaoneMoe: [
    alternatives(
      contraction,
      String.raw`${wordStart}\p{L}(?:[\p{L}\p{M}]+| \p{L})*`,
      oneDigit,
      String.raw`${others}[\r\n\/]?`,
      oneNewline,
      ...blanks,
    ),
  ],
  laguna: [newlineRuns, modern(oneDigit)],
  newlines: [newlineRuns],
  chameleon: [
    { words: '<sentinel:[0-9]+>' },
    { words: 'IMGIMG[A-I]{1,4}Z' },
    { words: String.raw`[\t\n]|    |  ` },
    digitsApart,
    { words: String.raw`[\p{P}!-\/:-@\[-\x60\{-~]` },
    gpt2,
  ],
  superbpe: [{ words: String.raw`\p{N}+` }, { threesOf: '[0-9]', apart: false }],
  kimi: [
    {
      flags: 'gv',
      words: [
        String.raw`\p{Script=Han}+`,
        ...byCase(
          String.raw`[${upper}--\p{Script=Han}]`,
          String.raw`[${lower}--\p{Script=Han}]`,
          `(?:${contraction})?`,
        ),
        oneToThree,
        othersAndNewlines,
        newlines,
        ...blanks,
      ].join('|'),
    },
  ],
} as const satisfies Record<string, readonly CutPass[]>;

export type WordRule = keyof typeof wordRules;
