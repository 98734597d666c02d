import { Modal } from '../controls/modal.tsx';
import { plural } from '../format/quantities.ts';
import { useApp, useUi } from '../state/app-context.tsx';
import { StudyChoices } from './study-choices.tsx';

/** Which images to look through: those of a folder, the sample, or those that were open last. */
export function StudiesDialog({ onClose }: { onClose: () => void }) {
  const { ui } = useApp();
  const lastStudy = useUi(state => state.lastStudy);
  return (
    <Modal title="Look through a study" className="modal-small" onClose={onClose}>
      <p>A series, several of them, or a folder of pictures. Files can be dropped on the page too.</p>
      {lastStudy && (
        <div className="sample-studies">
          <button
            type="button"
            className="button button-primary"
            onClick={() => ui.getState().openDialog({ kind: 'study', files: lastStudy })}
          >
            Back to what was open ({plural(lastStudy.files.length, 'file')})
          </button>
        </div>
      )}
      <StudyChoices />
      <p className="muted">Nothing leaves this device. The synthetic CT shows no patient.</p>
    </Modal>
  );
}
