import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { FileIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';

const textFiles = '.pdf,.txt,.md,.markdown,.html,.htm,application/pdf,text/plain,text/markdown,text/html';

/** A guideline, a report or a study to ask about. */
export function AttachTextButton() {
  const { openFiles } = useApp();
  return (
    <FilePickerButton
      className="icon-button attach-text"
      name="Attach a text"
      label="Text files"
      accept={textFiles}
      onPick={files => void openFiles(files)}
    >
      <FileIcon />
    </FilePickerButton>
  );
}
