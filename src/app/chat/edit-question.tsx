import { fieldDirection } from '../composer/field-direction.ts';
import { TextOverflow } from '../composer/text-overflow.tsx';
import { useAutoGrow } from '../composer/use-auto-grow.ts';
import { handleKey, handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { hasWords } from '../state/drafts/attachment.ts';

interface EditQuestionProps {
  messageId: string;
  text: string;
  /** They stay with the question, and may be asked about without a text. */
  hasImages: boolean;
  /** It was opened by a press and takes the focus; one that was found again does not. */
  takesFocus: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
  onCancel: () => void;
}

/** The question in a field; the version before stays, one step back on the branch switcher. */
export function EditQuestion(props: EditQuestionProps) {
  const { messageId, text, hasImages, takesFocus, onChange, onSend, onCancel } = props;
  const ref = useAutoGrow(text);
  const privateText = usePrivateText();
  const isAskable = hasImages || hasWords(text);
  const send = () => {
    if (isAskable) onSend();
  };
  return (
    <form className="edit" onSubmit={handleSubmit(send)}>
      <textarea
        ref={field => {
          ref.current = field;
          if (field && takesFocus && !field.dataset.entered) {
            field.dataset.entered = 'true';
            field.focus();
            field.setSelectionRange(field.value.length, field.value.length);
          }
        }}
        data-edits={messageId}
        aria-label="Edit your question"
        value={text}
        rows={1}
        dir={fieldDirection(text)}
        {...privateText}
        onChange={event => onChange(event.target.value)}
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
      <TextOverflow text={text} imageTokens={0} onEdit={() => ref.current?.focus()} />
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
