import type { Message } from '../../client/index.ts';
import { SamplesIcon, UnderlineIcon } from '../controls/icons.tsx';
import { useApp, useChat } from '../state/app-context.tsx';
import { confidenceOf } from './requested-scores.ts';
import { useConfidence } from './underlined-answer.tsx';

/** What can be asked about an answer that has ended. */
export function ConfidenceActions({ answer }: { answer: Message }) {
  const confidence = confidenceOf(useApp());
  const isUnderlined = useConfidence(({ words }) => words[answer.id] !== undefined);
  const isBusy = useChat(state => state.run !== null);
  const { ui } = useApp();
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Underline uncertain words"
        title="Underline uncertain words"
        aria-pressed={isUnderlined}
        disabled={isBusy && !isUnderlined}
        onClick={() => void confidence.toggleWords(answer)}
      >
        <UnderlineIcon size={18} />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label="Ask several times"
        title="Ask several times"
        disabled={isBusy}
        onClick={() => ui.getState().openDialog({ kind: 'samples', answerId: answer.id })}
      >
        <SamplesIcon size={18} />
      </button>
    </>
  );
}
