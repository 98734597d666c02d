import type { SourceText } from '../../client/index.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Of one gram as many places are kept: what stands in a text more often tells nothing of where a sentence is from. */
const mostPlaces = 48;
export const gramLength = 3;

/** A part of a text, as passages are looked for in it. */
export interface IndexedPart {
  source: SourceText;
  number: number;
  text: string;
  tokens: readonly Token[];
}

export interface SourceIndex {
  parts: readonly IndexedPart[];
  /** Where each gram begins: numbers of parts in `parts` and of tokens, in turn. */
  grams: ReadonlyMap<string, readonly number[]>;
}

/** `pause` is awaited after each part, so that a long text takes no thread for long. */
export async function indexSources(
  sources: readonly SourceText[],
  pause: () => Promise<void> = async () => undefined,
): Promise<SourceIndex> {
  const parts: IndexedPart[] = [];
  const grams = new Map<string, number[]>();
  for (const source of sources) {
    for (const { number, text } of source.parts) {
      const tokens = tokensOf(text);
      for (let at = 0; at + gramLength <= tokens.length; at++) {
        const gram = gramAt(tokens, at);
        const places = grams.get(gram);
        if (!places) grams.set(gram, [parts.length, at]);
        else if (places.length < 2 * mostPlaces) places.push(parts.length, at);
      }
      parts.push({ source, number, text, tokens });
      await pause();
    }
  }
  return { parts, grams };
}

export const gramAt = (tokens: readonly Token[], at: number): string =>
  `${tokens[at]!.key} ${tokens[at + 1]!.key} ${tokens[at + 2]!.key}`;
