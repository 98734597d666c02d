import { useId, useState } from 'react';
import { longestTag, plural, tidyTags } from '../../client/index.ts';
import { CloseIcon } from '../controls/icons.tsx';
import { Modal } from '../controls/modal.tsx';
import { handleSubmit } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';
import { useApp, useConversationList } from '../state/app-context.tsx';
import { listTags } from '../state/conversation/list-groups.ts';

interface TagsDialogProps {
  conversationIds: readonly string[];
  onClose: () => void;
}

/** The tags of one conversation, or of several: what is added or removed here is added to or removed from each of them. */
export function TagsDialog({ conversationIds, onClose }: TagsDialogProps) {
  const { listController } = useApp();
  const conversations = useConversationList(state => state.conversations);
  const privateText = usePrivateText();
  const [typed, setTyped] = useState('');
  const [fieldId, knownId] = [useId(), useId()];
  const theirs = conversations.filter(({ id }) => conversationIds.includes(id));
  const tags = listTags(theirs);
  const known = listTags(conversations).filter(tag => !tags.includes(tag));
  const [only] = theirs.length === 1 ? theirs : [];

  function add(): void {
    const added = tidyTags(typed.split(','));
    if (added.length === 0) return;
    setTyped('');
    void listController.file(conversationIds, old => ({
      ...old,
      tags: tidyTags([...(old.tags ?? []), ...added]),
    }));
  }

  const remove = (tag: string) =>
    void listController.file(conversationIds, old => ({
      ...old,
      tags: (old.tags ?? []).filter(each => each !== tag),
    }));

  return (
    <Modal
      title={only ? 'Tags of this conversation' : `Tags of ${plural(theirs.length, 'conversation')}`}
      className="modal-small"
      onClose={onClose}
      footer={
        <button type="button" className="button button-primary" onClick={onClose}>
          Done
        </button>
      }
    >
      {only && (
        <p className="muted" dir="auto">
          {only.title}
        </p>
      )}
      <form className="tag-form" onSubmit={handleSubmit(add)}>
        <label htmlFor={fieldId}>New tag</label>
        <input
          id={fieldId}
          data-focus-first
          dir="auto"
          list={knownId}
          maxLength={longestTag}
          {...privateText}
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
        />
        <datalist id={knownId}>
          {known.map(tag => (
            <option key={tag} value={tag} />
          ))}
        </datalist>
        <button type="submit" className="button">
          Add
        </button>
      </form>
      {tags.length > 0 ? (
        <ul className="tag-list" aria-label="Tags">
          {tags.map(tag => (
            <li key={tag}>
              <span dir="auto">{tag}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove “${tag}”`}
                title="Remove"
                onClick={() => remove(tag)}
              >
                <CloseIcon size={16} />
              </button>
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">No tags yet. Tags stay on this device, and go into exported Bedside files.</p>
      )}
    </Modal>
  );
}
