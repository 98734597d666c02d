/** A piece that ends an answer. */
export interface EndToken {
  id: number;
  piece: string;
  /** The file's property that names it (end of sequence, of turn, of message), or `piece`: its text is one that ends turns. */
  statedBy: 'eos' | 'eot' | 'eom' | 'piece';
}

/**
 * Texts by which models mark the end of an answer. A file's eos id is believed when its piece is one of them, and such a piece
 * ends an answer beside it: many files name one end where their template writes another. From llama.cpp (src/llama-vocab.cpp)
 * and the publishers' templates.
 */
export const knownEndPieces: readonly string[] = [
  '</s>',
  '<|im_end|>',
  '<|endoftext|>',
  '<|end_of_text|>',
  '<|eot_id|>',
  '<|eom_id|>',
  '<|eot|>',
  '<|eom|>',
  '<|end|>',
  '<|return|>',
  '<|call|>',
  '<|calls|>',
  '<|flush|>',
  '<end_of_turn>',
  '<turn|>',
  '<eos>',
  '<EOT>',
  '_<EOT>',
  '<|EOT|>',
  '[EOT]',
  '[EOS]',
  '<|tool_response>',
  '<end_of_utterance>',
  '<|end_of_turn|>',
  '<|endofturn|>',
  '[|endofturn|]',
  '<|END_OF_TURN_TOKEN|>',
  '<｜end▁of▁sentence｜>',
];

/** Pieces that end nothing in vocabularies which have all the others: there they part one passage of an answer from the next. */
const notEnds: readonly { piece: string; where: readonly string[] }[] = [
  { piece: '<|end|>', where: ['<|return|>', '<|call|>'] },
  { piece: '<|end|>', where: ['<|return|>', '<|calls|>'] },
  { piece: '<|end|>', where: ['<|flush|>', '<|calls|>'] },
  // A tag of HTML there.
  { piece: '</s>', where: ['<|tool_response>'] },
];

/**
 * Every piece that ends an answer, each once, the file's own first.
 * @param special the pieces that are markup, by text: one that is ordinary text ends nothing
 */
export function collectEndTokens(
  vocabulary: {
    pieces: readonly string[];
    bosId: number | undefined;
    eosId: number;
    eotId?: number | undefined;
    eomId?: number | undefined;
  },
  special: ReadonlyMap<string, number>,
): EndToken[] {
  const { pieces, bosId, eosId, eotId, eomId } = vocabulary;
  const ends: EndToken[] = [];
  const add = (id: number | undefined, statedBy: EndToken['statedBy']) => {
    if (id === undefined || ends.some(end => end.id === id)) return;
    ends.push({ id, piece: pieces[id]!, statedBy });
  };
  add(eosId, 'eos');
  add(eotId, 'eot');
  add(eomId, 'eom');
  for (const piece of endPiecesOf(special)) {
    const id = special.get(piece);
    if (id !== bosId) add(id, 'piece');
  }
  return ends;
}

/** The known ends that are ends in a vocabulary with these pieces. */
export function endPiecesOf(pieces: { has(piece: string): boolean }): string[] {
  return knownEndPieces.filter(
    piece =>
      pieces.has(piece) &&
      !notEnds.some(
        exception => exception.piece === piece && exception.where.every(other => pieces.has(other)),
      ),
  );
}
