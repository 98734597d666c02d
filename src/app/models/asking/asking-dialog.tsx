import { Modal } from '../../controls/modal.tsx';
import { useModel } from '../../state/app-context.tsx';
import { AskedAs } from './asked-as.tsx';
import { ExactPrompt } from './exact-prompt.tsx';

/** How the model on duty is asked: its template, what stands before a conversation, and the prompt to the letter. */
export function AskingDialog({ onClose }: { onClose: () => void }) {
  const entry = useModel(state => state.entry);
  const info = useModel(state => state.info);
  return (
    <Modal title="How it is asked" className="modal-wide" onClose={onClose}>
      {entry && info ? (
        <>
          <p>
            <strong dir="auto">{entry.name}</strong> reads one long text, its prompt, and goes on with it.
            Here is how a conversation becomes that text. Changes hold from the next question on.
          </p>
          <AskedAs key={entry.id} entry={entry} own={info.template ?? null} />
          <ExactPrompt key={`${entry.id} prompt`} />
        </>
      ) : (
        <p>No model is loaded. Choose one first: each is asked in its own way.</p>
      )}
    </Modal>
  );
}
