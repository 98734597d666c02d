import { characterAt } from './python-text.ts';

const cased = /\p{Cased}/u;

/** The character by which a word begins, where that is not its upper case: Unicode's Titlecase_Mapping, which JavaScript lacks. */
function titleCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0xdf) return character.toUpperCase();
  const digraph = digraphs.find(forms => forms.includes(character));
  if (digraph) return digraph[1]!;
  const isGeorgian = code >= 0x10d0 && code <= 0x10ff;
  const isGreek = code >= 0x1f80 && code <= 0x1ffc;
  if (isGeorgian) return character;
  if (isGreek) return greekTitle(code) ?? character.toUpperCase();
  const upper = character.toUpperCase();
  return ligatures.includes(character) ? upper[0]! + upper.slice(1).toLowerCase() : upper;
}

const digraphs = ['ǄǅǆxǇǈǉxǊǋǌxǱǲǳ'].flatMap(all => all.split('x'));
const ligatures = Array.from('ßևﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ');

/** Greek letters with a iota below: with it as a mark in front of a word, as a letter in capitals. */
function greekTitle(code: number): string | undefined {
  if (code <= 0x1faf) return String.fromCharCode(code | 8);
  const withIota: Readonly<Record<number, string>> = {
    8114: '\u1fba\u0345',
    8115: '\u1fbc',
    8116: '\u0386\u0345',
    8119: '\u1fbc\u0342',
    8124: '\u1fbc',
    8130: '\u1fca\u0345',
    8131: '\u1fcc',
    8132: '\u0389\u0345',
    8135: '\u1fcc\u0342',
    8140: '\u1fcc',
    8178: '\u1ffa\u0345',
    8179: '\u1ffc',
    8180: '\u038f\u0345',
    8183: '\u1ffc\u0342',
    8188: '\u1ffc',
  };
  return withIota[code];
}

/** `str.title`: every letter after one that is none begins a word. */
export function titleCase(text: string): string {
  const lower = lowerWithSigma(text);
  let result = '';
  let isWithinWord = false;
  for (let i = 0, at = 0; at < text.length; i += 1) {
    const character = characterAt(text, at);
    result += isWithinWord ? lower[i]! : titleCharacter(character);
    isWithinWord = cased.test(character);
    at += character.length;
  }
  return result;
}

/** `str.capitalize`. */
export function capitalize(text: string): string {
  if (text === '') return '';
  const first = characterAt(text, 0);
  return titleCharacter(first) + lowerWithSigma(text).slice(1).join('');
}

/** `str.swapcase`. */
export function swapCase(text: string): string {
  const lower = lowerWithSigma(text);
  return Array.from(text, (character, i) => {
    if (/\p{Uppercase}/u.test(character)) return lower[i]!;
    return /\p{Lowercase}/u.test(character) ? character.toUpperCase() : character;
  }).join('');
}

/** Each code point in lower case. A sigma ends words in another form, which its neighbours tell. */
function lowerWithSigma(text: string): string[] {
  const characters = Array.from(text);
  if (!text.includes('Σ')) return characters.map(character => character.toLowerCase());
  const followsLetter = besideCased(characters);
  const precedesLetter = besideCased([...characters].reverse()).reverse();
  return characters.map((character, i) => {
    if (character !== 'Σ') return character.toLowerCase();
    return followsLetter[i] && !precedesLetter[i] ? 'ς' : 'σ';
  });
}

/** Of each character, whether the last one before it that counts for case has one. */
function besideCased(characters: readonly string[]): boolean[] {
  let isCased = false;
  return characters.map(character => {
    const before = isCased;
    if (!/\p{Case_Ignorable}/u.test(character)) isCased = cased.test(character);
    return before;
  });
}

/** `str.casefold`: what has one upper case has one folded form, but for Cherokee, which folds to its capitals. */
export function caseFold(text: string): string {
  return Array.from(text, character => {
    if (character === 'ı') return character;
    if (character === 'ẞ') return 'ss';
    const upper = character.toUpperCase();
    return /\p{Script=Cherokee}/u.test(character) ? upper : upper.toLowerCase();
  }).join('');
}
