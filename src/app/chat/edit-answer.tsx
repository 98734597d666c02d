import { useEffect, useRef } from 'react';
import { answerOf, type Message } from '../../client/index.ts';
import { fieldDirection } from '../composer/field-direction.ts';
import { useAutoGrow } from '../composer/use-auto-grow.ts';
import { handleKey, handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { saveEdit } from '../state/chat/reader-marks.ts';

/** The answer's words in a field. What is saved is another version, marked as edited; the model's own stays beside it. */
export function EditAnswer({ answer, text }: { answer: Message; text: string }) {
  const { chat, listController, chatController, ui } = useApp();
  const field = useAutoGrow(text);
  const privateText = usePrivateText();
  const isBusy = useChat(state => state.run !== null);
  const isChanged = text.trim() !== '' && text.trimEnd() !== answerOf(answer.text).trimEnd();
  const wasFocused = useRef(false);
  useEffect(() => {
    if (wasFocused.current) return;
    wasFocused.current = true;
    field.current?.focus();
  }, [field]);

  const close = () => chatController.dropEdit(answer.id);
  async function save(): Promise<void> {
    if (!isChanged || isBusy) return;
    const id = await saveEdit({ chat, list: listController }, answer.id, text);
    if (id === null) return;
    close();
    ui.getState().announce('Kept as another version, marked as edited by you.');
  }
  return (
    <form className="edit edit-answer" onSubmit={handleSubmit(() => void save())}>
      <textarea
        ref={field}
        data-edits={answer.id}
        aria-label="Edit this answer"
        value={text}
        rows={4}
        dir={fieldDirection(text)}
        {...privateText}
        onChange={event => chatController.edit(answer.id, event.target.value)}
        onKeyDown={handleKey(event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            void save();
          }
          // What was changed is not thrown away by a key.
          if (event.key === 'Escape' && !isChanged) {
            event.preventDefault();
            event.stopPropagation();
            close();
          }
        })}
      />
      <div className="edit-actions">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="submit"
          className="button button-primary"
          disabled={!isChanged || isBusy}
          title="Ctrl or ⌘ + Enter"
        >
          Save as a version
        </button>
      </div>
    </form>
  );
}
