import { CloseIcon, KeysIcon } from '../controls/icons.tsx';
import type { ImageKeys } from './use-image-keys.ts';

interface KeysAndCloseProps {
  keys: ImageKeys;
  /** Of the list of keys. */
  keysId: string;
  onClose: () => void;
}

/** At the end of the head of a dialog that shows images. */
export function KeysAndClose({ keys: { areShown, show }, keysId, onClose }: KeysAndCloseProps) {
  return (
    <>
      <button
        type="button"
        className="icon-button viewer-tool"
        aria-label="Keys"
        aria-expanded={areShown}
        aria-controls={areShown ? keysId : undefined}
        title="Keys (?)"
        onClick={() => show(!areShown)}
      >
        <KeysIcon />
      </button>
      <button
        type="button"
        className="icon-button viewer-tool"
        aria-label="Close"
        title="Close (Escape)"
        onClick={onClose}
      >
        <CloseIcon />
      </button>
    </>
  );
}
