import { byteOfPiece, knownEndPieces, pieceTypes, type Vocabulary } from './vocabulary.ts';

/**
 * Which pieces may come from where. This is the wall between what a template says and what a user types:
 *
 * - `text` pieces are built by merging, from any text;
 * - `symbols` are user-defined pieces that are text themselves ("——", a run of blanks); as in SentencePiece they
 *   are found in any text, before merging, and never take part in a merge;
 * - `special` pieces are markup: control and unknown pieces, the model's own start and end, and user-defined
 *   pieces with `<...>` or `[...]` in them (converters mark `[PAD]` and `<|im_end|>` so). Only trusted template
 *   text yields them. SentencePiece and llama.cpp would take the user-defined ones from anything; a user who types
 *   `[UNUSED_TOKEN_146]` would then open a turn.
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
  /** Ids that end an answer: the file's own, and every other known end among the special pieces. */
  eosIds: readonly number[];
}

export function classifyPieces(vocabulary: Vocabulary): PieceClasses {
  const { pieces, bosId, eosId } = vocabulary;
  const types = vocabulary.types ?? guessTypes(vocabulary);
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
    if (id === bosId || id === eosId || type === pieceTypes.control || type === pieceTypes.unknown) {
      addTo(special, piece, id);
    } else if (type === pieceTypes.byte) {
      const byte = byteOfPiece(piece);
      if (byte !== undefined && byteIds[byte] === -1) byteIds[byte] = id;
    } else if (type === pieceTypes.userDefined) {
      addTo(looksLikeMarkup(piece) ? special : symbols, piece, id);
    } else {
      addTo(text, piece, id);
    }
  });
  const eosIds = [eosId];
  for (const end of knownEndPieces) {
    const id = special.get(end);
    if (id !== undefined && id !== bosId && !eosIds.includes(id)) eosIds.push(id);
  }
  return { text, symbols, special, byteIds, all, types, eosIds };
}

function looksLikeMarkup(piece: string): boolean {
  return /<\S.*>|\[\S.*\]/su.test(piece);
}

function guessTypes({ kind, pieces, bosId, eosId, unknownId }: Vocabulary): Int32Array {
  return Int32Array.from(pieces, (piece, id) => {
    if (id === unknownId) return pieceTypes.unknown;
    if (id === bosId || id === eosId || /^(<\/?s>|<\|[^\s|]+\|>)$/.test(piece)) return pieceTypes.control;
    if (kind === 'spm' && byteOfPiece(piece) !== undefined) return pieceTypes.byte;
    return pieceTypes.normal;
  });
}
