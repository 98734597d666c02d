import { type RefObject, useEffect, useState } from 'react';
import { icon } from '../controls/icons.tsx';

const FullScreenIcon = icon(<path d="M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4" />);

/** Without the browser around it. Escape leads back. */
export function FullScreenButton({ room }: { room: RefObject<HTMLElement | null> }) {
  const [isOn, setOn] = useState(false);
  useEffect(() => {
    const note = () => setOn(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', note);
    return () => document.removeEventListener('fullscreenchange', note);
  }, []);
  // What the browser does not allow stays as it is.
  const turn = () =>
    (isOn ? document.exitFullscreen() : room.current?.requestFullscreen())?.catch(() => undefined);
  return (
    <button
      type="button"
      className="icon-button viewer-tool"
      aria-label="Full screen"
      aria-pressed={isOn}
      title="Full screen"
      onClick={() => void turn()}
    >
      <FullScreenIcon />
    </button>
  );
}
