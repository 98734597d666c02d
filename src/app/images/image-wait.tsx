import { useMemo } from 'react';
import { ClockIcon } from '../controls/icons.tsx';
import { imageWaitInWords } from '../format/image-wait.ts';
import { useAttachments, useModel, useSettings } from '../state/app-context.tsx';
import { isReady } from '../state/drafts/attachment.ts';

/** Said before the question is asked, and accepted by asking it. Its place is there from the first, as that of `ImageOverflow`. */
export function ImageWait() {
  const attachments = useAttachments(state => state.attachments);
  const info = useModel(state => state.info);
  const tiling = useSettings(state => state.settings.tiling);
  const compressImages = useSettings(state => state.settings.compressImages);
  const words = useMemo(() => {
    const reports = attachments.filter(isReady).map(({ report }) => report);
    return info && imageWaitInWords(reports, info, { tiling, compressImages });
  }, [attachments, info, tiling, compressImages]);
  return (
    <div className="image-wait" role="status" aria-label="Time for the images">
      {words && (
        <p className="image-notice">
          <ClockIcon size={16} />
          <span>{words}</span>
        </p>
      )}
    </div>
  );
}
