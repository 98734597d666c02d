import { sentence } from '../sentence.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';
import { preTokenizerOf } from './pre-tokenizer-json.ts';
import { brief, malformed, refuse, stepsOf, type Table, tableOf, tokenizerFile } from './tokenizer-tables.ts';

const largestBytes = 64 * 2 ** 20;

/** What a `tokenizer.json` (huggingface/tokenizers) of a BPE model says, as far as encoding needs it. */
export interface TokenizerJson {
  /** Each piece's id. */
  pieces: Map<string, number>;
  /** Pieces that were added to the model's own. */
  added: { id: number; text: string; isSpecial: boolean }[];
  /** Pairs of pieces, the first to be merged first. */
  merges: [left: string, right: string][];
  unknownPiece?: string | undefined;
  /** What is in no piece becomes pieces of bytes: a SentencePiece model. */
  hasByteFallback: boolean;
  /** Of a byte-level model: GGUF's name of the rule that cuts text into words. */
  preTokenizer?: string;
  /** Of a SentencePiece model: a text is encoded as if it began with a space. */
  addSpacePrefix: boolean;
  /** What a text begins with. */
  startPiece?: string | undefined;
}

/**
 * Reads `tokenizer.json`; undefined where the folder has none.
 * @throws `unsupported-model` where it encodes in a way that no GGUF file can say, `invalid-model` where it is malformed
 */
export async function readTokenizerJson(folder: CheckpointFolder): Promise<TokenizerJson | undefined> {
  const file = await readOptionalJson(folder, tokenizerFile, largestBytes);
  if (file === undefined) return undefined;
  const model = tableOf(file.model) ?? {};
  if (model.type !== 'BPE' && !(model.type === undefined && Array.isArray(model.merges)))
    refuse(sentence`tokenizer-model-is-unknown: a model of the kind ${{ found: brief(model.type) }}`);
  for (const name of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix']) {
    if (model[name])
      refuse(
        sentence`tokenizer-has-setting: "${{ setting: `model.${name}` }}" ${{ found: brief(model[name]) }}`,
      );
  }
  const hasByteFallback = model.byte_fallback === true;
  return {
    pieces: readPieces(model.vocab),
    added: readAdded(file.added_tokens),
    merges: readMerges(model.merges),
    unknownPiece: typeof model.unk_token === 'string' ? model.unk_token : undefined,
    hasByteFallback,
    ...(hasByteFallback
      ? { addSpacePrefix: readSpaces(file) }
      : { addSpacePrefix: false, preTokenizer: preTokenizerOf(file, model.ignore_merges === true) }),
    startPiece: readStartPiece(file.post_processor),
  };
}

function readPieces(value: unknown): Map<string, number> {
  const entries = Object.entries(tableOf(value) ?? {});
  if (entries.length === 0) throw malformed(sentence`has-no-pieces: has no pieces`);
  for (const [text, id] of entries) {
    if (!Number.isInteger(id) || (id as number) < 0)
      throw malformed(sentence`gives-piece-no-number: gives the piece "${{ piece: text }}" no number`);
  }
  return new Map(entries as [string, number][]);
}

function readAdded(value: unknown): TokenizerJson['added'] {
  return (Array.isArray(value) ? value : []).map(item => {
    const { id, content, special } = tableOf(item) ?? {};
    if (typeof content !== 'string' || !Number.isInteger(id) || (id as number) < 0)
      throw malformed(sentence`has-malformed-added-token: has a malformed added token`);
    return { id: id as number, text: content, isSpecial: special === true };
  });
}

/** Each is "left right", or since tokenizers 0.20 a pair. */
function readMerges(value: unknown): [string, string][] {
  if (!Array.isArray(value)) throw malformed(sentence`has-no-merges: has no merges`);
  return value.map((merge, rank) => {
    const pair: unknown[] = typeof merge === 'string' ? merge.split(' ') : Array.isArray(merge) ? merge : [];
    if (pair.length !== 2 || !pair.every(side => typeof side === 'string' && side !== ''))
      throw malformed(sentence`has-malformed-merge: has a malformed merge ${{ merge: String(rank) }}`);
    return pair as [string, string];
  });
}

/** Of a SentencePiece model: spaces become U+2581, and one may go before the text; nothing else is known. */
function readSpaces(file: Table): boolean {
  let hasPrefix = false;
  for (const step of stepsOf(file.normalizer, 'normalizers')) {
    const pattern = tableOf(step.pattern)?.String;
    if (step.type === 'Prepend' && step.prepend === '\u2581') hasPrefix = true;
    else if (step.type !== 'Replace' || pattern !== ' ' || step.content !== '\u2581')
      refuse(sentence`normalizer-is-unknown: the normalizer ${{ found: brief(step) }}`);
  }
  for (const step of stepsOf(file.pre_tokenizer, 'pretokenizers')) {
    // Spaces are U+2581 by then, so that it cuts nothing.
    if (step.type === 'Split' && tableOf(step.pattern)?.String === ' ') continue;
    if (step.type !== 'Metaspace' || step.split === true)
      refuse(sentence`pre-tokenizer-is-unknown: the rule for words ${{ found: brief(step) }}`);
    hasPrefix ||= (step.prepend_scheme ?? 'always') !== 'never' && step.add_prefix_space !== false;
  }
  return hasPrefix;
}

function readStartPiece(value: unknown): string | undefined {
  for (const step of stepsOf(value, 'processors')) {
    if (step.type !== 'TemplateProcessing' || !Array.isArray(step.single)) continue;
    const first = tableOf(tableOf(step.single[0])?.SpecialToken)?.id;
    if (typeof first === 'string') return first;
  }
  return undefined;
}
