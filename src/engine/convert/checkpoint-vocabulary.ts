import type { MetadataEntry } from '../formats/byte-writer.ts';
import { sentence } from '../sentence.ts';
import type { TemplateId } from '../templates/template-ids.ts';
import { guessTemplate } from '../templates/templates.ts';
import { pieceTypes } from '../tokenizer/vocabulary.ts';
import { readTokenizerSettings, type TokenizerSettings } from './added-tokens.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalFile } from './checkpoint-folder.ts';
import { parseSentencePieceModel, type SentencePieceModel } from './sentencepiece-model.ts';
import { readTokenizerJson } from './tokenizer-json.ts';
import { tokenizerProperties } from './tokenizer-properties.ts';
import { tokenizerFile } from './tokenizer-tables.ts';

const modelFile = 'tokenizer.model';
const LARGEST_MODEL_BYTES = 64 * 2 ** 20;

/** llama.cpp takes the piece of the NUL character for an empty text, so its converter stores a dragon instead. */
const nulPiece = '\u0000';
const nulStandIn = '\u{1F409}';
/** Of pieces that never come from merging. */
const ADDED_SCORE = -1000;

const chatEnd = '<|im_end|>';

interface Pieces {
  texts: string[];
  scores: number[];
  types: number[];
}

export interface CheckpointVocabulary {
  properties: MetadataEntry[];
  /** By the pieces that were added for chats. */
  templateHint: TemplateId;
  /** Sentences about what a GGUF file cannot express. */
  warnings: string[];
}

/**
 * A checkpoint's tokenizer as GGUF properties.
 * @param size rows of the embedding; ids without a piece are filled up with unused ones
 * @param promptPieces special tokens that the vocabulary must have
 */
export async function readCheckpointVocabulary(
  folder: CheckpointFolder,
  size: number,
  promptPieces: readonly string[],
): Promise<CheckpointVocabulary> {
  const bytes = await readOptionalFile(folder, modelFile, LARGEST_MODEL_BYTES);
  if (bytes === undefined) return readFromJson(folder, size, promptPieces);
  const model = parseSentencePieceModel(bytes);
  const settings = await readTokenizerSettings(folder);
  const pieces = listPieces(model, settings, size);
  const warnings = model.isNormalizing
    ? [
        'The tokenizer also normalises text, which GGUF files cannot say: unusual characters may be read differently.',
      ]
    : [];
  return {
    properties: listProperties(pieces, model, settings, promptPieces),
    templateHint: guessTemplate(Array.from(settings.added.values(), ({ text }) => text)),
    warnings,
  };
}

async function readFromJson(
  folder: CheckpointFolder,
  size: number,
  promptPieces: readonly string[],
): Promise<CheckpointVocabulary> {
  const tokenizer = await readTokenizerJson(folder);
  if (tokenizer === undefined)
    throw checkpointError(
      'no-model',
      sentence`folder-without-file: The folder has no ${{ file: `${modelFile} or ${tokenizerFile}` }}`,
    );
  const special = new Set(tokenizer.added.filter(({ isSpecial }) => isSpecial).map(({ text }) => text));
  for (const piece of promptPieces) {
    if (!special.has(piece)) throw missingPiece(piece);
  }
  return {
    properties: await tokenizerProperties(folder, tokenizer, size),
    templateHint: guessTemplate([...special]),
    warnings: [],
  };
}

function missingPiece(text: string) {
  return checkpointError(
    'invalid-model',
    sentence`special-token-is-missing: The tokenizer has no special token "${{ text }}"`,
  );
}

function listPieces(model: SentencePieceModel, { added }: TokenizerSettings, size: number): Pieces {
  if (model.pieces.length > size) {
    throw checkpointError(
      'invalid-model',
      sentence`too-many-pieces: ${{ file: modelFile }} has ${{ pieces: model.pieces.length }} pieces, but config.json has room for ${{ room: size }}`,
    );
  }
  const texts = model.pieces.map(({ text }) => (text === nulPiece ? nulStandIn : text));
  const scores = model.pieces.map(({ score }) => score);
  const types = model.pieces.map(({ text, type }) => (text.startsWith('[UNUSED') ? pieceTypes.unused : type));
  types.forEach((type, id) => {
    if (type < pieceTypes.normal || type > pieceTypes.byte) {
      throw checkpointError(
        'invalid-model',
        sentence`piece-of-unknown-type: In ${{ file: modelFile }}, piece ${{ piece: String(id) }} has the unknown type ${{ type: String(type) }}`,
      );
    }
  });
  for (let id = texts.length; id < size; id++) {
    texts.push(`[PAD${id}]`);
    scores.push(ADDED_SCORE);
    types.push(pieceTypes.unused);
  }
  for (const [id, { text, isSpecial }] of added) {
    if (id >= size) {
      throw checkpointError(
        'invalid-model',
        sentence`added-token-out-of-range: The added token "${{ text }}" has the number ${{ token: String(id) }} of ${{ tokens: size }} tokens`,
      );
    }
    // Added tokens also list the model's own `<s>` and the like, which keep their types.
    if (texts[id] === text) continue;
    if (types[id] !== pieceTypes.unused) {
      throw checkpointError(
        'invalid-model',
        sentence`added-token-differs: Token ${{ token: String(id) }} is "${{ text }}" among the added tokens, but "${{ other: texts[id]! }}" in ${{ file: modelFile }}`,
      );
    }
    texts[id] = text;
    scores[id] = ADDED_SCORE;
    types[id] = isSpecial ? pieceTypes.control : pieceTypes.userDefined;
  }
  return { texts, scores, types };
}

function listProperties(
  { texts, scores, types }: Pieces,
  model: SentencePieceModel,
  settings: TokenizerSettings,
  promptPieces: readonly string[],
): MetadataEntry[] {
  const idOf = (text: string, type: number) =>
    texts.findIndex((piece, id) => piece === text && types[id] === type);
  const needed = (text: string) => {
    const id = idOf(text, pieceTypes.control);
    if (id < 0) throw missingPiece(text);
    return id;
  };
  promptPieces.forEach(needed);
  const chatEndId = idOf(chatEnd, pieceTypes.control);
  // As Gemma's tokenizer calls them; LLaMA's are what is needed where it does not have these.
  const [bosId, eosId] = [idOf('<bos>', pieceTypes.control), idOf('<eos>', pieceTypes.control)] as const;
  const unknownId = types.indexOf(pieceTypes.unknown);
  const properties: MetadataEntry[] = [
    ['tokenizer.ggml.model', 'string', 'llama'],
    ['tokenizer.ggml.pre', 'string', 'default'],
    ['tokenizer.ggml.tokens', 'string[]', texts],
    ['tokenizer.ggml.scores', 'f32[]', scores],
    ['tokenizer.ggml.token_type', 'i32[]', types],
    ['tokenizer.ggml.bos_token_id', 'u32', bosId >= 0 ? bosId : needed('<s>')],
    ['tokenizer.ggml.eos_token_id', 'u32', chatEndId >= 0 ? chatEndId : eosId >= 0 ? eosId : needed('</s>')],
    ['tokenizer.ggml.add_bos_token', 'bool', settings.addBos],
    ['tokenizer.ggml.add_eos_token', 'bool', settings.addEos],
    ['tokenizer.ggml.add_space_prefix', 'bool', model.addDummyPrefix],
  ];
  if (unknownId >= 0) properties.push(['tokenizer.ggml.unknown_token_id', 'u32', unknownId]);
  if (settings.chatTemplate !== undefined) {
    properties.push(['tokenizer.chat_template', 'string', settings.chatTemplate]);
  }
  return properties;
}
