import type { MetadataEntry } from '../formats/byte-writer.ts';
import { sentence } from '../sentence.ts';
import { byteOfPiece, pieceTypes } from '../tokenizer/vocabulary.ts';
import { readChatTemplate } from './chat-template.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';
import type { TokenizerJson } from './tokenizer-json.ts';
import { tableOf, tokenizerFile } from './tokenizer-tables.ts';

/** Of pieces that never come from merging. */
const addedScore = -1000;

/** Ends of a turn, beside the end that a checkpoint's settings name. */
const turnEnds: readonly string[] = ['<|eot_id|>', '<|im_end|>', '<end_of_turn>', '<|end|>'];

/** Markup that nobody has given a meaning: SentencePiece has it among its control pieces. */
const unusedMarkup = /^<(unused\d+|mask)>$/;

/** A tokenizer of `tokenizer.json` as GGUF properties, filled up to `size` pieces. */
export async function tokenizerProperties(
  folder: CheckpointFolder,
  tokenizer: TokenizerJson,
  size: number,
): Promise<MetadataEntry[]> {
  const settings = (await readOptionalJson(folder, 'tokenizer_config.json')) ?? {};
  const config = (await readOptionalJson(folder, 'config.json')) ?? {};
  const texts = listTexts(tokenizer, size);
  const types = listTypes(tokenizer, texts);
  const idOf = new Map(texts.map((text, id) => [text, id]));
  const named = (name: 'bos' | 'eos' | 'pad'): number | undefined => {
    const said = settings[`${name}_token`];
    const text = typeof said === 'string' ? said : tableOf(said)?.content;
    const found = typeof text === 'string' ? idOf.get(text) : undefined;
    const [inConfig] = [config[`${name}_token_id`]].flat();
    const id = found ?? inConfig;
    return Number.isInteger(id) && (id as number) >= 0 && (id as number) < size ? (id as number) : undefined;
  };
  const [bos, eos, pad] = [named('bos'), named('eos'), named('pad')];
  if (eos === undefined)
    throw checkpointError(
      'invalid-model',
      sentence`no-end-token-said: Neither tokenizer_config.json nor config.json says which token ends an answer`,
    );
  const eot = turnEnds.map(text => idOf.get(text)).find(id => id !== undefined && id !== eos);
  const unknown = tokenizer.unknownPiece === undefined ? undefined : idOf.get(tokenizer.unknownPiece);
  const template = await readChatTemplate(folder, settings.chat_template);
  const addsBos = tokenizer.startPiece !== undefined && idOf.get(tokenizer.startPiece) === bos;
  return [
    ...(tokenizer.hasByteFallback ? listScores(tokenizer, texts, types) : listMerges(tokenizer)),
    // SentencePiece has runs of spaces among its pieces as they are.
    [
      'tokenizer.ggml.tokens',
      'string[]',
      texts.map((text, id) => (isSpaces(text, types[id]!) ? ' '.repeat(text.length) : text)),
    ],
    ['tokenizer.ggml.token_type', 'i32[]', types],
    ...listId('bos_token_id', bos),
    ...listId('eos_token_id', eos),
    ...listId('eot_token_id', eot),
    ...listId('unknown_token_id', unknown),
    ...listId('padding_token_id', pad),
    ['tokenizer.ggml.add_bos_token', 'bool', addsBos],
    ['tokenizer.ggml.add_eos_token', 'bool', false],
    ['tokenizer.ggml.add_space_prefix', 'bool', tokenizer.addSpacePrefix],
    ...(template === undefined
      ? []
      : ([['tokenizer.chat_template', 'string', template]] satisfies MetadataEntry[])),
  ];
}

function listId(name: string, id: number | undefined): MetadataEntry[] {
  return id === undefined ? [] : [[`tokenizer.ggml.${name}`, 'u32', id]];
}

/** Of every id; those without a piece are filled up. */
function listTexts({ pieces, added }: TokenizerJson, size: number): string[] {
  const texts: (string | undefined)[] = Array.from({ length: size }, () => undefined);
  for (const [text, id] of [...pieces, ...added.map(({ text, id }) => [text, id] as const)]) {
    if (id >= size) {
      throw checkpointError(
        'invalid-model',
        sentence`listed-token-out-of-range: The token "${{ text }}" has the number ${{ token: String(id) }} of ${{ tokens: size }} tokens`,
      );
    }
    if (texts[id] !== undefined && texts[id] !== text) {
      throw checkpointError(
        'invalid-model',
        sentence`added-token-differs: Token ${{ token: String(id) }} is "${{ text }}" among the added tokens, but "${{ other: texts[id] }}" in ${{ file: tokenizerFile }}`,
      );
    }
    texts[id] = text;
  }
  return texts.map((text, id) => text ?? `[PAD${id}]`);
}

function listTypes(
  { pieces, added, unknownPiece, hasByteFallback }: TokenizerJson,
  texts: string[],
): number[] {
  const addedAs = new Map(added.map(({ id, isSpecial }) => [id, isSpecial]));
  return texts.map((text, id) => {
    if (text === unknownPiece) return pieceTypes.unknown;
    const isSpecial = addedAs.get(id);
    if (isSpecial !== undefined) {
      const isControl = isSpecial || (hasByteFallback && unusedMarkup.test(text));
      return isControl ? pieceTypes.control : pieceTypes.userDefined;
    }
    if (pieces.get(text) !== id) return pieceTypes.unused;
    return hasByteFallback && byteOfPiece(text) !== undefined ? pieceTypes.byte : pieceTypes.normal;
  });
}

/** SentencePiece merges what makes the piece of the highest score: of a piece, the rank of the first merge that makes it. */
function listScores({ merges }: TokenizerJson, texts: string[], types: number[]): MetadataEntry[] {
  const ranks = new Map<string, number>();
  for (const [rank, [left, right]] of merges.entries()) {
    if (!ranks.has(left + right)) ranks.set(left + right, rank);
  }
  const isMade = new Set<number>([pieceTypes.normal, pieceTypes.byte, pieceTypes.unknown]);
  const scores = texts.map((text, id) => (isMade.has(types[id]!) ? -(ranks.get(text) ?? 0) : addedScore));
  return [
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.pre', 'string', 'default'],
    ['tokenizer.ggml.scores', 'f32[]', scores],
  ];
}

function listMerges({ merges, preTokenizer }: TokenizerJson): MetadataEntry[] {
  return [
    ['tokenizer.ggml.model', 'string', 'gpt2'],
    ['tokenizer.ggml.pre', 'string', preTokenizer],
    ['tokenizer.ggml.merges', 'string[]', merges.map(pair => pair.join(' '))],
  ];
}

function isSpaces(text: string, type: number): boolean {
  return type === pieceTypes.userDefined && /^\u2581+$/.test(text);
}
