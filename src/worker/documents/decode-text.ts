import { binaryText } from './text-errors.ts';

export interface DecodedText {
  text: string;
  guessedEncoding?: 'Windows-1252';
}

/**
 * UTF-8, or UTF-16 with its mark in front; what is neither is read as Windows-1252, which is said. Throws 'unreadable-text' for what is no
 * text. Line ends become "\n".
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: tidy(decodeAs('utf-16le', bytes)) };
  if (first === 0xfe && second === 0xff) return { text: tidy(decodeAs('utf-16be', bytes)) };
  // Bytes that stand in no text of the encodings that are left.
  if (bytes.subarray(0, 65_536).some(byte => byte < 9 || (byte > 13 && byte < 27))) throw binaryText();
  try {
    return { text: tidy(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    return { text: tidy(fromWindows1252(bytes)), guessedEncoding: 'Windows-1252' };
  }
}

function decodeAs(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes);
}

/** 0x80 to 0x9f, in which it differs from Latin-1 (the index of the Encoding Standard). Not every decoder of that name knows them. */
const own = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function fromWindows1252(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes)
    text += byte >= 0x80 && byte < 0xa0 ? own[byte - 0x80] : String.fromCharCode(byte);
  return text;
}

const tidy = (text: string): string => text.replace(/\r\n?/g, '\n').replaceAll('\0', '');
