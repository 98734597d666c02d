import { useState } from 'react';
import { useAutoGrow } from '../composer/use-auto-grow.ts';
import { handleKey, handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';

interface EditQuestionProps {
  text: string;
  /** They stay with the question, and may be asked about without a text. */
  hasImages: boolean;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** The question in a field; the version before stays, one step back on the branch switcher. */
export function EditQuestion({ text, hasImages, onSend, onCancel }: EditQuestionProps) {
  const [draft, setDraft] = useState(text);
  const ref = useAutoGrow(draft);
  const privateText = usePrivateText();
  const isAskable = hasImages || draft.trim() !== '';
  const send = () => {
    if (isAskable) onSend(draft);
  };
  return (
    <form className="edit" onSubmit={handleSubmit(send)}>
      <textarea
        ref={field => {
          ref.current = field;
          if (field && !field.dataset.entered) {
            field.dataset.entered = 'true';
            field.focus();
            field.setSelectionRange(field.value.length, field.value.length);
          }
        }}
        aria-label="Edit your question"
        value={draft}
        rows={1}
        dir="auto"
        {...privateText}
        onChange={event => setDraft(event.target.value)}
        onKeyDown={handleKey(event => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault();
            send();
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            onCancel();
          }
        })}
      />
      <div className="edit-actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button button-primary" disabled={!isAskable}>
          Ask again
        </button>
      </div>
    </form>
  );
}
