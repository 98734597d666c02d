import { imageMark, markedImages } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useAttachments, useDraft, useModel } from '../state/app-context.tsx';
import { AttachmentRow } from './attachment-row.tsx';
import { ImageNotice } from './image-notice.tsx';
import { ImageOverflow } from './image-overflow.tsx';
import { ImageQuestions } from './image-questions.tsx';
import { ImageWait } from './image-wait.tsx';

/** Above the question, once there are images: the images, what to ask, and what the answer is not for. */
export function AttachmentPanel() {
  const { attachmentsController } = useApp();
  const failed = useAttachments(
    state => state.attachments.filter(({ status }) => status === 'failed').length,
  );
  const isBefore = useModel(({ info }) => info?.vision !== undefined && !info.vision.isAmongText);
  const isMarkedInVain = useDraft(
    ({ text, attachments }) => isBefore && markedImages(text, attachments.length).length > 0,
  );
  const isEmpty = useAttachments(state => state.attachments.length === 0);
  if (isEmpty) return null;
  return (
    <div className="attachment-panel">
      <AttachmentRow />
      {isMarkedInVain && (
        <p className="composer-note">
          This model sees images before the text: marks such as {imageMark(0)} stay words.
        </p>
      )}
      {failed > 0 && (
        <div className="composer-note unreadable">
          <span>Remove what cannot be read, then ask.</span>
          <button
            type="button"
            className="button"
            onClick={() => {
              attachmentsController.removeFailed();
              document.querySelector<HTMLElement>('#question')?.focus();
            }}
          >
            {failed === 1
              ? 'Remove the unreadable image'
              : `Remove all ${formatCount(failed)} unreadable images`}
          </button>
        </div>
      )}
      <ImageOverflow />
      <ImageWait />
      <ImageQuestions />
      <ImageNotice />
    </div>
  );
}
