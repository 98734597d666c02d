/**
 * GPT-2's printable stand-ins for bytes, in which byte-level BPE writes its pieces: the visible characters of
 * Latin-1 stand for themselves, the other 68 bytes take U+0100 and on, in order.
 */
export const characterOfByte: readonly string[] = buildAlphabet();

const byteOfCharacter: ReadonlyMap<string, number> = new Map(
  characterOfByte.map((character, byte) => [character, byte]),
);

export function writeBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += characterOfByte[byte];
  return text;
}

/** The bytes of a piece; undefined when it holds a character outside the alphabet. */
export function readBytes(piece: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(piece.length);
  for (let index = 0; index < piece.length; index++) {
    const byte = byteOfCharacter.get(piece[index]!);
    if (byte === undefined) return undefined;
    bytes[index] = byte;
  }
  return bytes;
}

function buildAlphabet(): string[] {
  let standIn = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isVisible = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
    return String.fromCharCode(isVisible ? byte : standIn++);
  });
}
