import { CopyButton } from '../controls/copy-button.tsx';
import { Modal } from '../controls/modal.tsx';

/** The only way out of the page: the whole address, read before it is followed. */
export function LinkDialog({ url, onClose }: { url: string; onClose: () => void }) {
  return (
    <Modal
      title="Open this link?"
      className="modal-small"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            Stay here
          </button>
          <a
            className="button button-primary"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            onClick={onClose}
          >
            Open in a new tab
          </a>
        </>
      }
    >
      <p>The model wrote this address. Models invent addresses, and opening one leaves this device:</p>
      <div className="link-address">
        <code dir="ltr">{url}</code>
        <CopyButton text={url} label="Copy address" />
      </div>
      <p className="muted">Check that it contains nothing about a patient.</p>
    </Modal>
  );
}
