/** What looks like a citation, and where it ends. */
export interface Reference {
  text: string;
  start: number;
  end: number;
}

/** An idea a line; the first that matches at a place counts. */
const patterns: readonly RegExp[] = [
  /\bhttps?:\/\/[^\s<>"]*[\p{L}\d/]/giu,
  /\bwww\.[\w-]+\.[^\s<>"]*[\p{L}\d/]/giu,
  // DOI handbook, section 2.2: a prefix that begins with 10, a slash, a suffix.
  /\b(?:doi:?\s*)?10\.\d{4,9}\/[^\s<>"]*[\p{L}\d)]/giu,
  /\bPMID:?\s*\d{4,9}\b/giu,
  /\bPMC\d{5,9}\b/gu,
  /\bNCT\d{8}\b/gu,
  // "N Engl J Med 2015;372:1234-45", as the National Library of Medicine writes it.
  /(?:\b\p{Lu}[\p{L}&]*\.?\s+){1,7}(?:19|20)\d\d(?:\s+\p{Lu}\p{Ll}{2}(?:\s+\d{1,2})?)?\s*;\s*\d+(?:\s*\([^)\s]{1,8}\))?\s*:\s*[eS]?\d+(?:\s*[-–]\s*\d+)?/gu,
  /\b\p{Lu}[\p{L}'’-]+(?:\s+(?:[A-Z]{1,3}))?,?\s+et\s+al\.?,?\s*(?:\((?:19|20)\d\d[a-z]?\)|(?:19|20)\d\d[a-z]?\b)/gu,
];

/** In order; none within another. */
export function findReferences(text: string): Reference[] {
  const found: Reference[] = [];
  for (const pattern of patterns) {
    for (const { 0: reference, index } of text.matchAll(pattern)) {
      const end = index + reference.length;
      const isKnown = found.some(each => index < each.end && end > each.start);
      if (!isKnown) found.push({ text: reference, start: index, end });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Letters and digits alone: how a reference is broken over lines or written out is no other reference. */
export const referenceKey = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^(?:https?:\/\/|www\.|doi:?\s*)+(?:(?:dx\.)?doi\.org\/)?/, '')
    .replace(/[^\p{L}\d]+/gu, '');
