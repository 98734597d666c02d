import { createWordCutter } from './cut-words.ts';
import { collectEndTokens, type EndToken, endPiecesOf } from './end-tokens.ts';
import { lookUpPreTokenizer } from './pre-tokenizer.ts';
import { byteOfPiece, pieceTypes, type Vocabulary } from './vocabulary.ts';

/**
 * Which pieces may come from where. This is the wall between what a template says and what a user types:
 *
 * - `text` pieces are built by merging, from any text;
 * - `symbols` are user-defined pieces that are text themselves ("——", a run of blanks, Gemma's tags of HTML); as in SentencePiece they
 *   are found in any text, before merging, and never take part in a merge;
 * - `special` pieces are markup: control and unknown pieces, the model's own start and ends, user-defined pieces with
 *   `<...>` or `[...]` in them (converters mark `[PAD]` and `<|im_end|>` so), and texts that end turns which a converter
 *   left among the normal pieces though no merge makes them. Only trusted template text yields them. SentencePiece and
 *   llama.cpp would take the user-defined ones from anything; a user who types `[UNUSED_TOKEN_146]` would then open a turn.
 *
 * Byte pieces are in none: they come from bytes that no other piece covers, never from the text `<0x0A>`.
 */
export interface PieceClasses {
  text: ReadonlyMap<string, number>;
  symbols: ReadonlyMap<string, number>;
  special: ReadonlyMap<string, number>;
  /** Id of each byte's piece; -1 where the vocabulary has none. */
  byteIds: Int32Array;
  /** Every piece, the lowest id where a text occurs twice. */
  all: ReadonlyMap<string, number>;
  /** [pieces], values of `pieceTypes`, guessed from the texts where the file does not say. */
  types: Int32Array;
  /** What ends an answer: the file's own, and every other known end among the special pieces. */
  endTokens: readonly EndToken[];
}

export function classifyPieces(vocabulary: Vocabulary): PieceClasses {
  const { pieces, bosId, eosId, eotId, eomId } = vocabulary;
  const types = vocabulary.types ?? guessTypes(vocabulary);
  const named = new Set([bosId, eosId, eotId, eomId]);
  const mislabelled = findMislabelledEnds(vocabulary);
  const isTag = tagsAmong(pieces);
  const text = new Map<string, number>();
  const symbols = new Map<string, number>();
  const special = new Map<string, number>();
  const all = new Map<string, number>();
  const byteIds = new Int32Array(256).fill(-1);
  const addTo = (map: Map<string, number>, piece: string, id: number) => {
    if (piece !== '' && !map.has(piece)) map.set(piece, id);
  };
  pieces.forEach((piece, id) => {
    const type = types[id];
    addTo(all, piece, id);
    if (
      named.has(id) ||
      type === pieceTypes.control ||
      type === pieceTypes.unknown ||
      mislabelled.has(piece)
    ) {
      addTo(special, piece, id);
    } else if (type === pieceTypes.byte) {
      const byte = byteOfPiece(piece);
      if (byte !== undefined && byteIds[byte] === -1) byteIds[byte] = id;
    } else if (type === pieceTypes.userDefined) {
      addTo(looksLikeMarkup(piece) && !isTag(piece) ? special : symbols, piece, id);
    } else {
      addTo(text, piece, id);
    }
  });
  return { text, symbols, special, byteIds, all, types, endTokens: collectEndTokens(vocabulary, special) };
}

/**
 * Known ends that no text becomes by merging, because the word rule cuts them or no merge makes them: in a byte-level vocabulary
 * they are markup, whatever their type says.
 */
function findMislabelledEnds({ kind, pieces, merges = [], preTokenizer }: Vocabulary): ReadonlySet<string> {
  if (kind !== 'bpe') return new Set();
  const ends = endPiecesOf(new Set(pieces));
  const cutWords = createWordCutter(lookUpPreTokenizer(preTokenizer)?.passes ?? []);
  const ordinary = new Set(ends.filter(piece => cutWords(piece).length === 1));
  const merged = new Set(
    ordinary.size === 0
      ? []
      : merges.map(merge => merge.replace(' ', '')).filter(piece => ordinary.has(piece)),
  );
  return new Set(ends.filter(piece => !merged.has(piece)));
}

function looksLikeMarkup(piece: string): boolean {
  return /<\S.*>|\[\S.*\]/su.test(piece);
}

/**
 * Says of a piece whether it is a tag of HTML, as Gemma has them among its pieces: they are text and mean nothing in a conversation. The
 * tags of text that is struck out have the letters of a start and an end of what is said, which they are where `<strong>` is missing.
 */
function tagsAmong(pieces: readonly string[]): (piece: string) => boolean {
  const isStruckOut = pieces.includes('<strong>');
  return piece => htmlTag.test(piece) || (isStruckOut && /^<\/?s>$/.test(piece));
}

const htmlTag =
  /^<\/?(?:a|b|blockquote|br|caption|center|code|del|div|dd|dl|dt|em|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q|small|span|strike|strong|sub|sup|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var)>$/;

function guessTypes({ kind, pieces, bosId, eosId, unknownId }: Vocabulary): Int32Array {
  return Int32Array.from(pieces, (piece, id) => {
    if (id === unknownId) return pieceTypes.unknown;
    if (id === bosId || id === eosId || /^(<\/?s>|<\|[^\s|]+\|>)$/.test(piece)) return pieceTypes.control;
    if (kind === 'spm' && byteOfPiece(piece) !== undefined) return pieceTypes.byte;
    return pieceTypes.normal;
  });
}
