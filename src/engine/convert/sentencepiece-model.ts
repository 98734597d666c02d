import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** What a SentencePiece model says, as far as encoding needs it. */
export interface SentencePieceModel {
  /** In the order of their ids. `type` has the numbers of GGUF's token types, which come from here. */
  pieces: { text: string; score: number; type: number }[];
  addDummyPrefix: boolean;
  /** Whether text is rewritten (e.g. NFKC) before it is encoded, beyond marking spaces. */
  isNormalizing: boolean;
}

/** sentencepiece_model.proto, TrainerSpec.ModelType. */
const BPE = 2;

/**
 * Reads `tokenizer.model`, a protobuf ModelProto (google/sentencepiece, src/sentencepiece_model.proto).
 * Throws `invalid-model` where it is malformed, `unsupported-model` where it is not BPE.
 */
export function parseSentencePieceModel(bytes: Uint8Array): SentencePieceModel {
  const model: SentencePieceModel = { pieces: [], addDummyPrefix: true, isNormalizing: false };
  // The protobuf default, UNIGRAM.
  let algorithm = 1;
  for (const field of new ProtobufReader(bytes).fields()) {
    if (field.number === 1) model.pieces.push(readPiece(field.message()));
    else if (field.number === 2) algorithm = readAlgorithm(field.message()) ?? algorithm;
    else if (field.number === 3) readNormalizer(field.message(), model);
  }
  if (model.pieces.length === 0)
    throw checkpointError('invalid-model', sentence`no-pieces: tokenizer.model lists no pieces`);
  if (algorithm !== BPE) {
    throw checkpointError(
      'unsupported-model',
      sentence`not-bpe: The tokenizer in tokenizer.model is not of the BPE kind`,
    );
  }
  return model;
}

function readPiece(message: ProtobufReader): SentencePieceModel['pieces'][number] {
  const piece = { text: '', score: 0, type: 1 };
  for (const field of message.fields()) {
    if (field.number === 1) piece.text = field.text();
    else if (field.number === 2) piece.score = field.float();
    else if (field.number === 3) piece.type = field.integer();
  }
  return piece;
}

function readAlgorithm(message: ProtobufReader): number | undefined {
  let algorithm: number | undefined;
  for (const field of message.fields()) if (field.number === 3) algorithm = field.integer();
  return algorithm;
}

function readNormalizer(message: ProtobufReader, model: SentencePieceModel): void {
  // Defaults of NormalizerSpec: runs of spaces become one.
  let removesSpaces = true;
  let hasCharacterMap = false;
  for (const field of message.fields()) {
    if (field.number === 2) hasCharacterMap = field.bytes().length > 0;
    else if (field.number === 3) model.addDummyPrefix = field.integer() !== 0;
    else if (field.number === 4) removesSpaces = field.integer() !== 0;
  }
  model.isNormalizing = removesSpaces || hasCharacterMap;
}
