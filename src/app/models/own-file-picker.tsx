import type { CatalogueEntry } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { FileIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';

/** Files that the reader takes for a model of the catalogue: what they are is shown, whatever they were taken for. */
export function OwnFilePicker({ entry }: { entry: CatalogueEntry }) {
  const { offerController } = useApp();
  const needsTwo = entry.expects?.vision !== undefined;
  return (
    <>
      <FilePickerButton
        label={`${needsTwo ? 'GGUF files' : 'GGUF file'} of ${entry.name}`}
        accept=".gguf,.json,application/octet-stream"
        onPick={files => offerController.offerFiles(files, entry)}
      >
        <FileIcon size={18} />
        Open {needsTwo ? 'two GGUF files' : 'a GGUF file'}…
      </FilePickerButton>
      {needsTwo && (
        <p className="muted">
          This model comes in two files, one for text and one for images (mmproj): choose both at once, in any
          order.
        </p>
      )}
    </>
  );
}
