import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { ImageIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';
import { imageFiles } from './image-files.ts';

export function AttachButton() {
  const { openFiles } = useApp();
  return (
    <FilePickerButton
      className="icon-button attach"
      name="Attach an image"
      label="Image files"
      accept={imageFiles}
      onPick={files => void openFiles(files)}
    >
      <ImageIcon />
    </FilePickerButton>
  );
}
