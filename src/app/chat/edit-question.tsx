import { useState } from 'react';
import { useAutoGrow } from '../composer/use-auto-grow.ts';

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
  const isAskable = hasImages || draft.trim() !== '';
  return (
    <form
      className="edit"
      onSubmit={event => {
        event.preventDefault();
        if (isAskable) onSend(draft);
      }}
    >
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
        onChange={event => setDraft(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            if (isAskable) onSend(draft);
          }
          if (event.key === 'Escape') {
            event.preventDefault();
            onCancel();
          }
        }}
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
