import { FilePickerButton } from '../../shell/file-picker-button.tsx';
import { useApp } from '../../state/app-context.tsx';
import type { SourceProps } from './source-props.ts';

/** Copies GGUF files of this machine, from another Bedside or from anywhere. */
export function FromDisk({ kind, onError }: SourceProps) {
  const { modelAdditions } = useApp();
  const what = kind.vision ? 'its two GGUF files' : 'its GGUF file';
  return (
    <div className="add-source">
      <h4>From a drive of this machine</h4>
      <p className="muted">
        Choose {what}; of a file that was split, all its parts. A model exported by another Bedside comes with
        a small description (.bedside.json): choose it too, and every part of the copy is compared with the
        original.
      </p>
      <FilePickerButton
        label={`Files of ${kind.name} to copy`}
        onPick={files => void modelAdditions.addFromDisk(files, kind).then(onError)}
      >
        Choose files to copy…
      </FilePickerButton>
    </div>
  );
}
