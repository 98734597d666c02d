import { characterEntities } from 'character-entities';

/** What is no text of the page, with all that is in it. */
const unread =
  /<(script|style|head|template|noscript|svg|math|iframe|object)\b[^>]*>[\s\S]*?(?:<\/\1\s*>|$)/gi;
const comment = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[|\]\]>|<[!?][^>]*>/g;
const lineEnds =
  /<\/?(?:p|div|section|article|header|footer|main|aside|nav|h[1-6]|ul|ol|dl|table|tr|blockquote|pre|figure|form|hr|fieldset)\b[^>]*>/gi;
const breaks = /<(?:br|li|dt|dd|caption)\b[^>]*>/gi;
const cells = /<\/?(?:td|th)\b[^>]*>/gi;
const tags = /<\/?[a-z][^>]*>/gi;

/** The words of a page of the web, block by block. Nothing of it is ever made a document. */
export function htmlText(source: string): string {
  const words = source
    .replace(comment, '')
    .replace(unread, ' ')
    .replace(/\s+/g, ' ')
    .replace(lineEnds, '\n\n')
    .replace(breaks, '\n')
    .replace(cells, '  ')
    .replace(tags, '');
  return withCharacters(words)
    .split('\n')
    .map(line => line.replace(/ {3,}/g, '  ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function withCharacters(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z][a-z\d]{1,30}));/gi,
    (all, decimal, hex, name) => {
      if (name) return Object.hasOwn(characterEntities, name) ? characterEntities[name]! : all;
      const code = decimal ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
      const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
      return isCharacter ? String.fromCodePoint(code) : '\ufffd';
    },
  );
}
