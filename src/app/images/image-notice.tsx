import { WarningIcon } from '../controls/icons.tsx';

/** Stricter than the page's own notice: a sentence about a picture is believed more readily than one about a text. */
export function ImageNotice() {
  return (
    <p className="image-notice">
      <WarningIcon size={16} />
      <span>
        <strong>Not for diagnosis.</strong> The model may describe what is not there and miss what is. Look at
        the image yourself.
      </span>
    </p>
  );
}
