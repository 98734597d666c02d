/** Writes `tokenizer.model` files for tests: the few fields of SentencePiece's ModelProto that matter for encoding. */

export interface WriterPiece {
  text: string;
  score?: number;
  /** SentencePiece's numbers: 1 normal (left out, as real files do), 2 unknown, 3 control, 4 user-defined, 6 byte. */
  type?: number;
}

export interface SentencePieceInput {
  pieces: readonly WriterPiece[];
  /** Left out where undefined; SentencePiece then takes it as true. */
  addDummyPrefix?: boolean;
  removeExtraWhitespaces?: boolean;
  /** 1 unigram, 2 BPE. */
  algorithm?: number;
}

export function writeSentencePieceModel(input: SentencePieceInput): Uint8Array<ArrayBuffer> {
  const { pieces, addDummyPrefix, removeExtraWhitespaces = false, algorithm = 2 } = input;
  const out: number[] = [];
  for (const { text, score = 0, type = 1 } of pieces) {
    const piece = [...lengthDelimited(1, [...new TextEncoder().encode(text)]), ...float(2, score)];
    if (type !== 1) piece.push(...varintField(3, type));
    append(out, lengthDelimited(1, piece));
  }
  const hasBytes = pieces.some(({ type }) => type === 6);
  append(
    out,
    lengthDelimited(2, [
      ...varintField(3, algorithm),
      ...varintField(4, pieces.length),
      ...varintField(35, Number(hasBytes)),
    ]),
  );
  const normalizer = [...lengthDelimited(1, [...new TextEncoder().encode('identity')])];
  if (addDummyPrefix !== undefined) normalizer.push(...varintField(3, Number(addDummyPrefix)));
  normalizer.push(...varintField(4, Number(removeExtraWhitespaces)));
  append(out, lengthDelimited(3, normalizer));
  return Uint8Array.from(out);
}

function append(out: number[], bytes: readonly number[]): void {
  for (const byte of bytes) out.push(byte);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function varintField(number: number, value: number): number[] {
  return [...varint(number * 8), ...varint(value)];
}

function float(number: number, value: number): number[] {
  return [...varint(number * 8 + 5), ...new Uint8Array(Float32Array.of(value).buffer)];
}

function lengthDelimited(number: number, bytes: readonly number[]): number[] {
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}
