import { useMemo } from 'react';
import { WarningIcon } from '../controls/icons.tsx';
import { imageOverflowInWords } from '../format/image-overflow.ts';
import { useAttachments, useModel, useSettings } from '../state/app-context.tsx';
import { isReady } from '../state/drafts/attachment.ts';

/**
 * Said before the question is asked, so that nobody waits for a refusal. Its place is there from the first: screen
 * readers say only what changes in one.
 */
export function ImageOverflow() {
  const attachments = useAttachments(state => state.attachments);
  const info = useModel(state => state.info);
  const tiling = useSettings(state => state.settings.tiling);
  const words = useMemo(() => {
    const reports = attachments.filter(isReady).map(({ report }) => report);
    return info && imageOverflowInWords(reports, info, tiling);
  }, [attachments, info, tiling]);
  return (
    <div className="image-overflow" role="status" aria-label="Room for the images">
      {words && (
        <p className="image-notice">
          <WarningIcon size={16} />
          <span>{words}</span>
        </p>
      )}
    </div>
  );
}
