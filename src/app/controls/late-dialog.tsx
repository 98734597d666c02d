import { type ComponentType, lazy, Suspense, useEffect } from 'react';
import { handleKey } from '../input/input-method.ts';
import { Modal } from './modal.tsx';

interface DialogProps {
  onClose: () => void;
}

/**
 * A dialog that is fetched when it is opened for the first time: most visits need none. `what` names it where it is not there
 * any more. What it is stays cached for offline use like every other part of the site.
 */
export function lateDialog<Props extends DialogProps>(
  load: () => Promise<ComponentType<Props>>,
  what: string,
): (props: Props) => React.JSX.Element {
  const Late = lazy(() =>
    load().then(
      dialog => ({ default: dialog }),
      // React and the browser both remember the failure: only a reload can end it.
      () => ({ default: (props: Props) => <MissingDialog what={what} onClose={props.onClose} /> }),
    ),
  );
  return function LateDialog(props) {
    return (
      <Suspense fallback={<Fetching onClose={props.onClose} />}>
        <Late {...props} />
      </Suspense>
    );
  };
}

/**
 * What is typed while a dialog is fetched is meant for it. It must not go where the focus still is: into a question, and with Enter
 * to the model. Escape gives the dialog up.
 */
function Fetching({ onClose }: DialogProps) {
  useEffect(() => {
    const onKeyDown = handleKey((event: KeyboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') onClose();
    });
    document.addEventListener('keydown', onKeyDown, { capture: true });
    return () => document.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [onClose]);
  return null;
}

/** The host has moved on to another version, or is gone, and the browser has not kept this part. */
function MissingDialog({ what, onClose }: DialogProps & { what: string }) {
  return (
    <Modal
      title={`${what} could not be loaded`}
      className="modal-small"
      onClose={onClose}
      footer={
        <button type="button" className="button button-primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      }
    >
      <p>A part of this page is missing, probably because Bedside was updated. The conversation is kept.</p>
    </Modal>
  );
}
