import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { PromptPart } from '../templates/conversation.ts';
import { readBytes } from './byte-alphabet.ts';
import { createByteBpeEncoder } from './byte-bpe.ts';
import type { EndToken } from './end-tokens.ts';
import { createLiteralSplitter } from './literal-splitter.ts';
import { classifyPieces } from './piece-classes.ts';
import { createSpmEncoder, visibleSpace } from './spm.ts';
import { byteOfPiece, pieceTypes, type Vocabulary } from './vocabulary.ts';

export interface EncodeOptions {
  /** Put the start piece first, where the vocabulary has one and a template has not put it there. Off unless asked for. */
  addBos?: boolean;
  /** Read markup in the text as markup. Off unless asked for: what a user types is never markup. */
  parseSpecial?: boolean;
  /** Encode as if each text began with a space; the vocabulary decides unless told. */
  spacePrefix?: boolean;
  /**
   * Texts between special pieces and their ids, found here or put here: for one who encodes a conversation several times
   * with more or fewer of its messages. Of one vocabulary, and of one `spacePrefix`.
   */
  tokenised?: Map<string, number[]>;
}

export interface Tokenizer {
  readonly vocabularySize: number;
  readonly bosId: number | undefined;
  /** What ends an answer where a template does not say otherwise, the file's own first. */
  readonly endTokens: readonly EndToken[];
  /** Their ids. */
  readonly eosIds: readonly number[];
  /** What the file says of bare text; a template's own word goes first. */
  readonly addsBos: boolean;
  readonly addsSpacePrefix: boolean;
  /**
   * Text to ids. Ill-formed text (a lone surrogate) is read as U+FFFD. An eos is never appended: what is encoded is
   * meant to be continued.
   */
  encode(text: string, options?: EncodeOptions): number[];
  /**
   * Encodes a prompt. Neighbouring texts are one text, whoever wrote them, until a special piece comes between:
   * merges cross the border of two parts just as in a prompt that was put together as a string. As in llama.cpp
   * the space prefix, where the vocabulary has one, goes before the first text and before each that follows a
   * special piece.
   */
  encodeParts(parts: readonly PromptPart[], options?: Omit<EncodeOptions, 'parseSpecial'>): number[];
  /** The bytes of a piece, which may be part of a character; none for control pieces but those that say where something is. */
  decodePiece(id: number): Uint8Array<ArrayBuffer>;
  /** Ids to text, without the space that the prefix added; bytes that are not UTF-8 become U+FFFD. */
  decode(ids: Iterable<number>, options?: { stripLeadingSpace?: boolean }): string;
  /** The piece as the vocabulary writes it, for display. */
  pieceText(id: number): string;
  idOf(piece: string): number | undefined;
  /** True for pieces that are markup of the model and no part of an answer's text. */
  isControl(id: number): boolean;
}

/** Phi-3's special pieces that leave what follows them as it is. */
const plainSpecialPieces: readonly string[] = ['<unk>', '<s>', '<|endoftext|>'];

/** Markup by which InternVL's kin say where something is: of an answer, a part of what it says. */
const placePieces: readonly string[] = ['<ref>', '</ref>', '<box>', '</box>'];

/** Throws `invalid-model` or `unsupported-model` when the vocabulary cannot be used. */
export function createTokenizer(vocabulary: Vocabulary): Tokenizer {
  const { kind, pieces, bosId, addSpacePrefix, swallowsBlanks = false } = vocabulary;
  const classes = classifyPieces(vocabulary);
  const encodeText =
    kind === 'spm' ? createSpmEncoder(vocabulary, classes) : createByteBpeEncoder(vocabulary, classes);
  const eosIds = classes.endTokens.map(({ id }) => id);
  const splitSpecial = createLiteralSplitter(classes.special);
  const utf8 = new TextEncoder();

  function encodeParts(parts: readonly PromptPart[], options: EncodeOptions = {}): number[] {
    const ids: number[] = [];
    const withPrefix = options.spacePrefix ?? addSpacePrefix;
    let pending = '';
    let followsText = false;
    let swallows = false;
    const flush = () => {
      if (swallows) pending = pending.replace(/^[ \t-\r]+/, '');
      swallows = false;
      if (pending === '') return;
      const prefixed = withPrefix && !followsText;
      const key = `${prefixed ? ' ' : ''}${pending}`;
      const encoded =
        options.tokenised?.get(key) ?? encodeText(pending.replace(/\p{Surrogate}/gu, '\ufffd'), prefixed);
      options.tokenised?.set(key, encoded);
      for (const id of encoded) ids.push(id);
      followsText = true;
      pending = '';
    };
    for (const part of joinAlike(parts)) {
      if (!part.special) {
        pending += part.text;
        continue;
      }
      for (const fragment of splitSpecial(part.text)) {
        if ('text' in fragment) {
          pending += fragment.text;
        } else {
          flush();
          ids.push(fragment.id);
          followsText = false;
          swallows = swallowsBlanks && !plainSpecialPieces.includes(pieces[fragment.id]!);
        }
      }
    }
    flush();
    if (options.addBos && bosId !== undefined && ids[0] !== bosId) ids.unshift(bosId);
    return ids;
  }

  function pieceText(id: number): string {
    const piece = pieces[id];
    if (piece === undefined) {
      throw new BedsideError(
        'invalid-model',
        sentence`chosen-token-out-of-range: The model chose token ${{ token: String(id) }}, but its tokenizer has ${{ tokens: pieces.length }}.`,
        'The file may be damaged. Get it again from where it came from.',
      );
    }
    return piece;
  }

  const isControl = (id: number) =>
    classes.types[id] === pieceTypes.control || id === bosId || eosIds.includes(id);

  function decodePiece(id: number): Uint8Array<ArrayBuffer> {
    const piece = pieceText(id);
    if (isControl(id)) return placePieces.includes(piece) ? utf8.encode(piece) : new Uint8Array(0);
    switch (classes.types[id]) {
      case pieceTypes.unknown:
        return utf8.encode('\ufffd');
      case pieceTypes.byte:
        return Uint8Array.of(byteOfPiece(piece)!);
      case pieceTypes.userDefined:
        return utf8.encode(kind === 'spm' ? piece.replaceAll(visibleSpace, ' ') : piece);
      default:
        if (kind === 'spm') return utf8.encode(piece.replaceAll(visibleSpace, ' '));
        return readBytes(piece) ?? utf8.encode(piece);
    }
  }

  return {
    vocabularySize: pieces.length,
    bosId,
    endTokens: classes.endTokens,
    eosIds,
    addsBos: vocabulary.addBos,
    addsSpacePrefix: addSpacePrefix,
    encode: (text, options = {}) => encodeParts([{ text, special: options.parseSpecial ?? false }], options),
    encodeParts,
    decodePiece,
    decode(ids, { stripLeadingSpace = addSpacePrefix } = {}) {
      // A byte order mark in an answer is text like any other.
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      let text = '';
      for (const id of ids) text += decoder.decode(decodePiece(id), { stream: true });
      text += decoder.decode();
      return stripLeadingSpace && text.startsWith(' ') ? text.slice(1) : text;
    },
    pieceText,
    idOf: piece => classes.all.get(piece),
    isControl,
  };
}

/** Markup may lie across two template parts, so parts of one kind are joined before it is looked for. */
function joinAlike(parts: readonly PromptPart[]): PromptPart[] {
  const joined: PromptPart[] = [];
  for (const { text, special } of parts) {
    const last = joined.at(-1);
    if (last?.special === special) last.text += text;
    else if (text !== '') joined.push({ text, special });
  }
  return joined;
}
