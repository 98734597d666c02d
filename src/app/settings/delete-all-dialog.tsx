import { Modal } from '../controls/modal.tsx';
import { plural } from '../format/quantities.ts';
import { useApp, useConversationList } from '../state/app-context.tsx';

interface DeleteAllDialogProps {
  /** What the page holds in memory alone goes as well. */
  onDelete: () => void;
  onClose: () => void;
}

export function DeleteAllDialog({ onDelete, onClose }: DeleteAllDialogProps) {
  const { chatController } = useApp();
  const count = useConversationList(state => state.conversations.length);
  return (
    <Modal
      title="Delete all conversations?"
      className="modal-small"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Keep them
          </button>
          <button
            type="button"
            className="button button-danger"
            onClick={() => {
              onClose();
              onDelete();
              void chatController.removeAll();
            }}
          >
            Delete all
          </button>
        </>
      }
    >
      <p>
        {count === 0
          ? 'What is in the bin will be removed from this device, with all images.'
          : `${plural(count, 'conversation')} will be removed from this device, with all images and what is in the bin.`}{' '}
        This cannot be undone.
      </p>
    </Modal>
  );
}
