import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { ImageIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';

export function AttachButton() {
  const { openFiles } = useApp();
  return (
    <FilePickerButton
      className="icon-button attach"
      name="Attach an image"
      label="Image files"
      accept="image/*,application/dicom,.dcm,.dicom,.ima"
      onPick={files => void openFiles(files)}
    >
      <ImageIcon />
    </FilePickerButton>
  );
}
