import {
  charAt,
  charBefore,
  isClosing,
  isDigit,
  isLetter,
  isNumeral,
  isOpening,
  isSpace,
  isSpaceless,
  isWord,
} from './character-classes.ts';

/** A run of marks that may begin or end emphasis, or strike out. */
export interface Delimiter {
  type: 'delimiter';
  char: '*' | '_' | '~';
  raw: string;
  start: number;
  line: number;
  /** Marks that are not used yet. */
  length: number;
  canOpen: boolean;
  canClose: boolean;
}

/**
 * What a run of marks may do where it stands. Stricter than CommonMark: a mark that may be a sign (multiplication,
 * an allele, a range, significance) is one. Only scripts without spaces have emphasis inside what looks like a word.
 */
export function delimiterRoles(
  text: string,
  start: number,
  length: number,
): Pick<Delimiter, 'canOpen' | 'canClose'> {
  const char = text[start]!;
  const before = charBefore(text, start);
  const after = charAt(text, start + length);
  if (char === '~') {
    if (length !== 2) return { canOpen: false, canClose: false };
    const isTouched = (side: string) => isWord(side) || isNumeral(side) || side === '~';
    return {
      canOpen: !isTouched(before) && !isClosingBracket(before) && !isSpace(after),
      canClose: !isTouched(after) && !isSpace(before),
    };
  }
  const isQuoted = /["'“”‘’]/.test(before) && /["'“”‘’]/.test(after);
  if (length > 3 || isQuoted || isSignificance(text, start, length))
    return { canOpen: false, canClose: false };
  return length === 1
    ? {
        canOpen: opensOne(char, before, after),
        canClose: closesOne(char, before, after, isGene(text, start)),
      }
    : {
        canOpen: opensMany(char, before, after) && !isPower(text, start + length, before),
        canClose: closesMany(char, before, after, isInitial(text, start)),
      };
}

/** One star beside a digit is an allele, a product or a footnote mark: `*2`, `4*3`, `12.3*`. */
function opensOne(char: string, before: string, after: string): boolean {
  if (isSpace(after) || isClosing(after)) return false;
  if (char === '*' && (isDigit(after) || /[-+=<>±−≤≥~]/.test(after))) return false;
  if (isSpaceless(before)) return !isLetter(before);
  return isSpace(before) || isOpening(before) || /["':*_~—–]/.test(before);
}

function closesOne(char: string, before: string, after: string, isName: boolean): boolean {
  if (isSpace(before) || isOpening(before)) return false;
  if (char === '*' && isDigit(before) && !isName) return false;
  if (isSpaceless(after)) return char === '*' || !isLetter(after);
  return isSpace(after) || /[\p{Pe}\p{Pf}.,;:!?"'*_~—–…=<>≤≥-]/u.test(after);
}

function opensMany(char: string, before: string, after: string): boolean {
  if (isSpace(after) || isClosing(after)) return false;
  if (isSpaceless(before)) return char === '*' || !isLetter(before);
  if (isWord(before)) return char === '*' && isLetter(before) && isSpaceless(after);
  return !isClosingBracket(before) && !/[%‰°^\\]/.test(before);
}

function closesMany(char: string, before: string, after: string, isLetters: boolean): boolean {
  if (isSpace(before) || isOpening(before)) return false;
  if (isSpaceless(after)) return char === '*' || !isLetter(after);
  if (!isWord(after)) return true;
  // Behind a label no space is needed: "**Dose:**5 mg".
  if (char === '*' && /[:：]/.test(before)) return true;
  return char === '*' && isLetter(after) && (isSpaceless(before) || isLetters);
}

/** `*BRCA1`: the star before one name that ends in a number, so that the next star ends it and is no footnote's. */
function isGene(text: string, end: number): boolean {
  return /(?:^|[\s(])\*\p{Lu}[\p{L}\d-]{1,11}$/u.test(text.slice(Math.max(0, end - 14), end));
}

/** `**S`ite: the initial letters of a mnemonic. */
function isInitial(text: string, end: number): boolean {
  return /(?:^|[\s([/-])\*\*\p{Lu}{1,4}$/u.test(text.slice(Math.max(0, end - 8), end));
}

const isClosingBracket = (char: string) => /[)\]}]/.test(char);

/** `**p < 0.01`: the mark of a footnote, unless the same marks stand right behind the number. */
function isSignificance(text: string, start: number, length: number): boolean {
  if (text[start] !== '*') return false;
  const behind = text.slice(start + length, start + length + 40);
  const comparison = /^[pP](?:[ -]?values?)?[ \t]*(?:[<=>≤≥≈≪]|&[lg][te];)[ \t]*(?:\d*[.,]?\d+(\*+))?/.exec(
    behind,
  );
  return comparison !== null && !(length > 1 && comparison[1]?.length === length);
}

/** `身高**2`: a power, where a script without spaces hides that it stands behind a word. */
function isPower(text: string, behind: number, before: string): boolean {
  return (
    isSpaceless(before) &&
    /^\d+(?:[.,]\d+)?(?!\*\*|[\d.,]*[ \t]?[\p{L}%°])/u.test(text.slice(behind, behind + 24))
  );
}
