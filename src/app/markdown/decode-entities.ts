import { characterNamed } from './entity-names.ts';

const reference = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z][a-zA-Z\d]{1,31}));/y;
const references = new RegExp(reference, 'g');

/** The character reference that begins at an index of a text, or null where there is none of HTML's. */
export function entityAt(text: string, index: number): { raw: string; text: string } | null {
  reference.lastIndex = index;
  const match = reference.exec(text);
  if (!match) return null;
  const decoded = decode(match[1], match[2], match[3]);
  return decoded === null ? null : { raw: match[0], text: decoded };
}

/** Character references in an address. The result is only ever shown as text, so it needs no escaping. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(references, (whole, decimal, hex, name) => decode(decimal, hex, name) ?? whole);
}

function decode(decimal?: string, hex?: string, name?: string): string | null {
  if (name !== undefined) return characterNamed(name);
  const code = decimal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(decimal, 10);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)
    ? String.fromCodePoint(code)
    : '\ufffd';
}
