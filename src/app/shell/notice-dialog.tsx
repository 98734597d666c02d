import { LampMark } from '../controls/icons.tsx';
import { Modal } from '../controls/modal.tsx';
import { useApp, useSettings } from '../state/app-context.tsx';

/** Raised when the notice changes in substance: it is then shown again. */
export const noticeVersion = 2;

/** Shown once, before the first question. */
export function NoticeDialog() {
  const { settingsController } = useApp();
  const mustShow = useSettings(state => state.isLoaded && state.settings.acknowledgedNotice < noticeVersion);
  if (!mustShow) return null;
  const acknowledge = () => void settingsController.update({ acknowledgedNotice: noticeVersion });
  return (
    <Modal
      title="Before you begin"
      className="modal-notice"
      footer={
        <button type="button" className="button button-primary" onClick={acknowledge}>
          I understand
        </button>
      }
    >
      <div className="notice-mark">
        <LampMark size={44} />
      </div>
      <ul className="notice-list">
        <li>
          <strong>Bedside is research software.</strong> It is not a medical device, and it is not for
          diagnosis, treatment or any decision about a patient.
        </li>
        <li>
          <strong>Answers can be wrong.</strong> They come from a language model’s memory, without sources,
          and sound sure even when they are not. About an image, a model may describe what is not there. Check
          them before you use them.
        </li>
        <li>
          <strong>Everything stays on this device.</strong> Models run in this browser and nowhere else.
          Questions, images and answers are stored here, unencrypted, until you delete them: on a shared
          computer, others may read them.
        </li>
      </ul>
    </Modal>
  );
}
