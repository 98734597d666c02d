import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { pickedFiles } from '../reading/study/picked-files.ts';
import { useApp } from '../state/app-context.tsx';
import { sampleStudy } from '../state/sample-study.ts';

/** Ways into the reading room, besides dropping files. */
export function StudyChoices() {
  const { openFolder, openSampleStudy } = useApp();
  return (
    <div className="sample-studies">
      <button type="button" className="button" onClick={() => void openSampleStudy()}>
        Look through a synthetic CT ({sampleStudy.length} slices)
      </button>
      <FilePickerButton
        label="Folder of images"
        isFolder
        onPick={files => void openFolder(pickedFiles(files))}
      >
        Open a folder of images
      </FilePickerButton>
    </div>
  );
}
