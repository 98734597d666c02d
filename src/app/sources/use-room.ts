import { useEffect, useMemo, useState } from 'react';
import { mostSourceCharacters, type QuestionMeasure } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { withSources } from '../format/source-prompt.ts';
import { useApp, useDraft, useModel } from '../state/app-context.tsx';
import { charactersOf, visualTokensOf } from '../state/drafts/attachment.ts';
import { sourceTextsOf } from '../state/drafts/draft-source.ts';

const pauseMs = 400;

export interface Room {
  words: string;
  isTooLong: boolean;
  /** Tokens of the question with its texts; null where they are not counted. */
  measure: QuestionMeasure | null;
}

/** How much of what the model reads at once the question takes with its texts: counted by the worker, after a pause. */
export function useRoom(): Room | null {
  const { measureQuestion } = useApp();
  const text = useDraft(state => state.text);
  const sources = useDraft(state => state.sources);
  const imageTokens = useDraft(({ attachments }) => visualTokensOf(attachments));
  const entry = useModel(state => state.entry);
  const contextTokens = useModel(state => state.info?.contextTokens);
  const [measure, setMeasure] = useState<QuestionMeasure | null>(null);
  const given = useMemo(() => sourceTextsOf(sources), [sources]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model, or another limit, counts otherwise
  useEffect(() => {
    let isWanted = true;
    const timer = setTimeout(async () => {
      const found = await measureQuestion(withSources(text, given));
      if (isWanted) setMeasure(found);
    }, pauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text, given, measureQuestion, entry, contextTokens]);
  const characters = charactersOf(given);
  if (characters > mostSourceCharacters) {
    const words = `${formatCount(characters)} characters: a question can have ${formatCount(mostSourceCharacters)} beside it.`;
    return { words, isTooLong: true, measure };
  }
  return measure && { ...roomInWords(measure, imageTokens), measure };
}

/** With the share of the images, which are no text. */
export function roomInWords(
  { tokens: ofText, isExact, contextTokens }: QuestionMeasure,
  imageTokens: number,
): Pick<Room, 'words' | 'isTooLong'> {
  const tokens = ofText + imageTokens;
  const about = isExact ? '' : 'about ';
  const all = `${about}${formatCount(tokens)}`;
  if (tokens < contextTokens) {
    return {
      words: `Question and text take ${all} of ${formatCount(contextTokens)} tokens.`,
      isTooLong: false,
    };
  }
  const over = formatCount(tokens - contextTokens + 1);
  return {
    words: `Too long by ${about}${over} tokens: question and text take ${all}, and this model reads ${formatCount(contextTokens)} at once, answer included.`,
    isTooLong: true,
  };
}
