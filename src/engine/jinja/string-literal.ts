import { templateError, unknownConstruct } from './template-errors.ts';

const oneCharacter: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * What stands between quotes, as jinja2 reads it: ASCII with everything else escaped, then Python's `unicode-escape`. An escape
 * that it does not know keeps its backslash.
 * @throws BedsideError `unusable-template` for a broken escape, and for `\N{...}`
 */
export function decodeString(source: string): string {
  return source.replace(
    /\\(?:(x)([\da-fA-F]{0,2})|(u)([\da-fA-F]{0,4})|(U)([\da-fA-F]{0,8})|([0-7]{1,3})|(.))/gsu,
    (whole: string, ...groups: (string | undefined)[]) => {
      for (const i of [0, 2, 4]) {
        const marker = groups[i];
        if (marker !== undefined) return hexCharacter(groups[i + 1]!, hexDigits[marker]!);
      }
      const octal = groups[6];
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const other = groups[7]!;
      if (other === 'N') throw unknownConstruct('characters by name (\\N)');
      if (other > '\x7f') return `\\${escapedName(other)}`;
      return oneCharacter[other] ?? whole;
    },
  );
}

/** A backslash before a character that had to be escaped itself makes two escapes into one and a remainder. */
function escapedName(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `u${hex.padStart(4, '0')}` : `U${hex.padStart(8, '0')}`;
}

function hexCharacter(digits: string, length: number): string {
  if (digits.length < length) throw templateError('truncated escape in a string');
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) throw templateError('illegal Unicode character in a string');
  if (code >= 0xd800 && code <= 0xdfff) throw unknownConstruct('halves of characters in strings');
  return String.fromCodePoint(code);
}
