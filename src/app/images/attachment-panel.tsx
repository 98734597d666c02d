import { useAttachments } from '../state/app-context.tsx';
import { AttachmentRow } from './attachment-row.tsx';
import { ImageNotice } from './image-notice.tsx';
import { ImageOverflow } from './image-overflow.tsx';
import { ImageQuestions } from './image-questions.tsx';

/** Above the question, once there are images: the images, what to ask, and what the answer is not for. */
export function AttachmentPanel() {
  const hasFailed = useAttachments(state => state.attachments.some(({ status }) => status === 'failed'));
  const isEmpty = useAttachments(state => state.attachments.length === 0);
  if (isEmpty) return null;
  return (
    <div className="attachment-panel">
      <AttachmentRow />
      {hasFailed && <p className="composer-note">Remove what cannot be read, then ask.</p>}
      <ImageOverflow />
      <ImageQuestions />
      <ImageNotice />
    </div>
  );
}
