import { FolderIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';

/** Beside the one that attaches an image: a folder of them is looked through first. */
export function StudiesButton() {
  const { ui } = useApp();
  return (
    <button
      type="button"
      className="icon-button attach-study"
      aria-label="Look through a study"
      title="Look through a study"
      onClick={() => ui.getState().openDialog({ kind: 'studies' })}
    >
      <FolderIcon />
    </button>
  );
}
