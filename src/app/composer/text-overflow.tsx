import { useEffect, useState } from 'react';
import type { QuestionMeasure } from '../../client/index.ts';
import { WarningIcon } from '../controls/icons.tsx';
import { mayOverflow, textOverflowInWords } from '../format/text-overflow.ts';
import { useApp, useModel } from '../state/app-context.tsx';

const pauseMs = 500;

interface TextOverflowProps {
  text: string;
  /** Tokens of the images that are asked about with it. */
  imageTokens: number;
  /** Brings the reader back to the text. */
  onEdit: () => void;
}

/**
 * Said before a text is asked, with both numbers, so that nobody waits for a refusal. Counted after a pause in typing, and only
 * where its length does not tell already. Its place is there from the first: screen readers say only what changes in one.
 */
export function TextOverflow({ text, imageTokens, onEdit }: TextOverflowProps) {
  const measure = useMeasure(text, imageTokens);
  const words = measure && textOverflowInWords(measure, imageTokens);
  return (
    <div className="text-overflow" role="status" aria-label="Room for the text">
      {words && (
        <p className="image-notice">
          <WarningIcon size={16} />
          <span>
            {words} Shorten it, or choose a model that reads more.{' '}
            <button type="button" className="text-button" onClick={onEdit}>
              Edit the question
            </button>
          </span>
        </p>
      )}
    </div>
  );
}

function useMeasure(text: string, imageTokens: number): QuestionMeasure | null {
  const { measureQuestion } = useApp();
  const contextTokens = useModel(state => state.info?.contextTokens);
  const entry = useModel(state => state.entry);
  const [measured, setMeasured] = useState<QuestionMeasure | null>(null);
  const isShort = contextTokens === undefined || !entry || !mayOverflow(text, contextTokens, imageTokens);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model, or another limit, counts otherwise
  useEffect(() => {
    setMeasured(before => (isShort ? null : before));
    if (isShort) return;
    let isWanted = true;
    const timer = setTimeout(async () => {
      const measure = await measureQuestion(text);
      if (isWanted) setMeasured(measure);
    }, pauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text, isShort, measureQuestion, entry, contextTokens]);
  return isShort ? null : measured;
}
