import { BedsideError } from '../errors.ts';
import { architectures, familyOf } from '../families/families.ts';
import { type Sentence, sentence } from '../sentence.ts';
import { knownEndPieces } from './end-tokens.ts';
import { lookUpPreTokenizer } from './pre-tokenizer.ts';

/** `tokenizer.ggml.token_type` of a piece. */
export const pieceTypes = {
  normal: 1,
  unknown: 2,
  control: 3,
  userDefined: 4,
  unused: 5,
  byte: 6,
} as const;

/** A model's tokenizer as plain data: what a GGUF file says, checked, before any table is built from it. */
export interface Vocabulary {
  /** `spm`: SentencePiece BPE, merged by score. `bpe`: GPT-2's byte-level BPE, merged by rank. */
  kind: 'spm' | 'bpe';
  /** The text of each id. */
  pieces: string[];
  /** [pieces] f32; present for every `spm` vocabulary. */
  scores: Float32Array | undefined;
  /** [pieces], values of `pieceTypes`. */
  types: Int32Array | undefined;
  /** "left right" pairs, best first; present for every `bpe` vocabulary. */
  merges: string[] | undefined;
  /** The rule that cuts text into words before byte-level BPE; means nothing for `spm`. */
  preTokenizer: string;
  bosId: number | undefined;
  eosId: number;
  /** End of a turn and of a message, where the file names them beside the end of a sequence. */
  eotId?: number | undefined;
  eomId?: number | undefined;
  unknownId?: number | undefined;
  addBos: boolean;
  /** Nothing applies it: a prompt that ends with the end piece leaves nothing to answer. Of models that compare texts. */
  addEos: boolean;
  /** SentencePiece's dummy prefix: a text is encoded as if it began with one more space. */
  addSpacePrefix: boolean;
  /** Phi-3's special pieces swallow the blanks and newlines that follow them. */
  swallowsBlanks?: boolean;
}

const knownStartPieces: readonly string[] = ['<s>', '<|begin_of_text|>', '<|startoftext|>', '<|endoftext|>'];

/**
 * Reads and checks the `tokenizer.ggml.*` keys of a GGUF file. Throws `invalid-model` when a key is missing,
 * has the wrong type or contradicts another, `unsupported-model` for a tokenizer that Bedside does not have.
 */
export function readVocabulary(metadata: ReadonlyMap<string, unknown>): Vocabulary {
  const kind = readKind(metadata);
  const pieces = readStrings(metadata, 'tokens');
  if (pieces === undefined || pieces.length === 0)
    throw unusableTokenizer(sentence`lists-no-tokens: it lists no tokens`);
  const types = readNumbers(metadata, 'token_type', pieces.length);
  types?.forEach((type, id) => {
    if (!(type >= 1 && type <= 6))
      throw unusableTokenizer(
        sentence`token-of-unknown-type: token ${{ token: String(id) }} has the unknown type ${{ type: String(type) }}`,
      );
    if (type === pieceTypes.byte && byteOfPiece(pieces[id]!) === undefined) {
      throw unusableTokenizer(
        sentence`byte-token-without-byte: token ${{ token: String(id) }} is marked as a byte, but its text names none`,
      );
    }
  });
  const preTokenizer = readString(metadata, 'pre') ?? 'default';
  const vocabulary: Vocabulary = {
    kind,
    pieces,
    types: types && Int32Array.from(types),
    scores: readScores(metadata, kind, pieces.length),
    merges: readMerges(metadata, kind),
    preTokenizer,
    bosId: readId(metadata, 'bos_token_id', pieces.length),
    eosId: -1,
    eotId: readId(metadata, 'eot_token_id', pieces.length),
    eomId: readId(metadata, 'eom_token_id', pieces.length),
    unknownId: readId(metadata, 'unknown_token_id', pieces.length),
    addBos: readFlag(metadata, 'add_bos_token') ?? addsBosUnstated(kind, preTokenizer),
    addEos: readFlag(metadata, 'add_eos_token') ?? false,
    addSpacePrefix: readFlag(metadata, 'add_space_prefix') ?? kind === 'spm',
    swallowsBlanks: swallowsBlanks(metadata, kind),
  };
  const statedEos = readId(metadata, 'eos_token_id', pieces.length);
  vocabulary.eosId = chooseEos(vocabulary, statedEos);
  vocabulary.bosId = chooseBos(vocabulary);
  if (vocabulary.unknownId === undefined) {
    const unknown = vocabulary.types?.indexOf(pieceTypes.unknown) ?? -1;
    if (unknown >= 0) vocabulary.unknownId = unknown;
  }
  return vocabulary;
}

/** 10 for `<0x0A>`; undefined when the text is not the name of a byte. */
export function byteOfPiece(piece: string): number | undefined {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(piece) ? Number.parseInt(piece.slice(3, 5), 16) : undefined;
}

/** By the family; llama.cpp goes by the model's name too. */
function swallowsBlanks(metadata: ReadonlyMap<string, unknown>, kind: Vocabulary['kind']): boolean {
  const name = metadata.get('general.name');
  const family = architectures.find(id => id === metadata.get('general.architecture'));
  const doesFamily = kind === 'spm' && family !== undefined && familyOf(family).gguf.swallowsBlanks === true;
  return doesFamily || (typeof name === 'string' && /phi-?3/i.test(name));
}

/** Whether a text begins with the start piece in a file that does not say. */
function addsBosUnstated(kind: Vocabulary['kind'], preTokenizer: string): boolean {
  return kind === 'spm' || (lookUpPreTokenizer(preTokenizer)?.addsBos ?? false);
}

/**
 * PMC-LLaMA's published configuration calls `<s>` the end, and files made from it inherit that; an answer would
 * then never stop. The text of the piece decides, not the number, unless it is a control piece that nobody here knows.
 */
function chooseEos(vocabulary: Vocabulary, stated: number | undefined): number {
  const { pieces, types } = vocabulary;
  if (stated !== undefined) {
    const isUnheardOf = types?.[stated] === pieceTypes.control && !knownStartPieces.includes(pieces[stated]!);
    if (isUnheardOf || knownEndPieces.includes(pieces[stated]!)) return stated;
  }
  for (const text of stated === undefined ? knownEndPieces : knownEndPieces.slice(0, 1)) {
    const id = pieces.indexOf(text);
    if (id >= 0 && isControlType(types?.[id])) return id;
  }
  if (stated === undefined)
    throw unusableTokenizer(sentence`no-end-token: it does not say which token ends an answer`);
  return stated;
}

/** The same published configuration calls `<unk>` the start. */
function chooseBos({ bosId, pieces, types }: Vocabulary): number | undefined {
  if (bosId !== undefined) {
    const isUnheardOf = types?.[bosId] === pieceTypes.control && !['</s>', '<unk>'].includes(pieces[bosId]!);
    if (isUnheardOf || knownStartPieces.includes(pieces[bosId]!)) return bosId;
  }
  const id = pieces.indexOf('<s>');
  return id >= 0 && isControlType(types?.[id]) ? id : bosId;
}

function isControlType(type: number | undefined): boolean {
  return type === undefined || type === pieceTypes.control;
}

function readKind(metadata: ReadonlyMap<string, unknown>): 'spm' | 'bpe' {
  const model = readString(metadata, 'model');
  if (model === undefined)
    throw unusableTokenizer(sentence`no-tokenizer-named: it does not name its tokenizer`);
  if (model === 'llama') return 'spm';
  if (model === 'gpt2') return 'bpe';
  throw new BedsideError(
    'unsupported-model',
    sentence`unknown-tokenizer: This model uses the tokenizer "${{ tokenizer: model }}", which Bedside does not have.`,
    'Choose a model with a SentencePiece BPE ("llama") or byte-level BPE ("gpt2") tokenizer.',
  );
}

function readScores(metadata: ReadonlyMap<string, unknown>, kind: 'spm' | 'bpe', count: number) {
  const scores = readNumbers(metadata, 'scores', count);
  if (scores === undefined) {
    if (kind === 'spm') throw unusableTokenizer(sentence`no-token-scores: it has no token scores`);
    return undefined;
  }
  const checked = Float32Array.from(scores);
  if (!checked.every(Number.isFinite))
    throw unusableTokenizer(sentence`token-score-is-no-number: a token score is not a number`);
  return checked;
}

function readMerges(metadata: ReadonlyMap<string, unknown>, kind: 'spm' | 'bpe'): string[] | undefined {
  // Some converters write merges for SentencePiece too, which go by scores.
  if (kind === 'spm') return undefined;
  const merges = readStrings(metadata, 'merges');
  if (merges === undefined) throw unusableTokenizer(sentence`no-merges: it has no merges`);
  merges.forEach((merge, rank) => {
    if (!/^[^ ]+ [^ ]+$/.test(merge))
      throw unusableTokenizer(sentence`merge-is-no-pair: merge ${{ merge: String(rank) }} is not a pair`);
  });
  return merges;
}

function readStrings(metadata: ReadonlyMap<string, unknown>, name: string): string[] | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string')) throw mistyped(name, 'texts');
  return value;
}

function readNumbers(metadata: ReadonlyMap<string, unknown>, name: string, count: number) {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined) return undefined;
  const items: unknown[] | undefined = Array.isArray(value)
    ? value
    : ArrayBuffer.isView(value) && Symbol.iterator in value
      ? Array.from(value as Iterable<unknown>)
      : undefined;
  if (!items?.every(item => typeof item === 'number')) throw mistyped(name, 'numbers');
  if (items.length !== count) {
    throw unusableTokenizer(
      sentence`token-list-of-another-length: "tokenizer.ggml.${{ list: name }}" has ${{ entries: items.length }} entries for ${{ tokens: count }} tokens`,
    );
  }
  return items as number[];
}

function readString(metadata: ReadonlyMap<string, unknown>, name: string): string | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value !== undefined && typeof value !== 'string') throw mistyped(name, 'a text');
  return value;
}

function readFlag(metadata: ReadonlyMap<string, unknown>, name: string): boolean | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value !== undefined && typeof value !== 'boolean') throw mistyped(name, 'true or false');
  return value;
}

function readId(metadata: ReadonlyMap<string, unknown>, name: string, count: number): number | undefined {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  if (value === undefined) return undefined;
  const id = typeof value === 'bigint' ? Number(value) : value;
  if (typeof id !== 'number' || !Number.isInteger(id)) throw mistyped(name, 'a whole number');
  if (id < 0 || id >= count)
    throw unusableTokenizer(
      sentence`token-id-out-of-range: "tokenizer.ggml.${{ property: name }}" is ${{ token: String(id) }}, but there are ${{ tokens: count }} tokens`,
    );
  return id;
}

function mistyped(name: string, wanted: string): BedsideError {
  return unusableTokenizer(
    sentence`token-property-of-another-type: "tokenizer.ggml.${{ property: name }}" is not ${{ wanted }}`,
  );
}

/** `invalid-model`: `what` completes the sentence. */
export function unusableTokenizer(what: Sentence): BedsideError {
  return new BedsideError(
    'invalid-model',
    sentence`tokenizer-cannot-be-used: The tokenizer in this model file cannot be used: ${{ what }}.`,
    'The file may be damaged or made by an old converter. Get it again from where it came from.',
  );
}
