import { useApp, useModel } from '../state/app-context.tsx';
import { isSameModel } from '../state/model/model-identity.ts';
import { onDuty } from '../state/model/model-store.ts';
import { useNextAnswerer } from '../state/use-next-answerer.ts';
import { answererInWords, reasonInWords } from './answerer-in-words.ts';

/**
 * Says before a question is sent which model will answer it. Its place is there from the first: screen readers say only
 * what changes in one.
 */
export function AnswererNote() {
  const { chatController, modelController } = useApp();
  const answerer = useNextAnswerer();
  const words = useModel(state => answererInWords(answerer, state));
  const meant = useModel(state => state.meant);
  const current = useModel(state => state.entry);
  // Of the model on duty the header tells already.
  const isOther = useModel(state => !isSameModel(answerer.model, onDuty(state)));
  const isDemonstration = isOther && answerer.model?.entry.kind === 'demonstration';
  const reason = reasonInWords(answerer, meant?.entry ?? current ?? undefined);
  return (
    <div className="answerer-note" id="answerer-note" role="status" aria-label="Which model answers">
      {words && (
        <p>
          <span dir="auto">{words}</span>
          {reason && `: ${reason}`}
          {isDemonstration && <span className="tag">demonstration</span>}
        </p>
      )}
      {words && meant && answerer.because === 'earlier images' && (
        <button
          type="button"
          className="text-button"
          onClick={() => {
            chatController.stop();
            void modelController.choose(meant);
          }}
        >
          Ask {meant.entry.name} instead
        </button>
      )}
    </div>
  );
}
