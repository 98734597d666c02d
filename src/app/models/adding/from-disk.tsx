import type { RefObject } from 'react';
import { FilePickerButton } from '../../controls/file-picker-button.tsx';
import { useApp } from '../../state/app-context.tsx';
import { AdditionError } from './addition-error.tsx';
import type { SourceProps } from './source-props.ts';
import { useAddition } from './use-addition.ts';

/** Copies GGUF files of this machine, from another Bedside or from anywhere. */
export function FromDisk({ kind }: SourceProps) {
  const { libraryAdditions } = useApp();
  const { error, setError, ref } = useAddition('disk');
  const what = kind.vision ? 'its two GGUF files' : 'its GGUF file';
  return (
    <div className="add-source" ref={ref as RefObject<HTMLDivElement>}>
      <h4>From a drive of this machine</h4>
      <p className="muted">
        Choose {what}; of a file that was split, all its parts. A model exported by another Bedside comes with
        a small description (.bedside.json): choose it too, and every part of the copy is compared with the
        original.
      </p>
      <FilePickerButton
        label={`Files of ${kind.name} to copy`}
        onPick={files => void libraryAdditions.addFromDisk(files, kind).then(setError)}
      >
        Choose files to copy…
      </FilePickerButton>
      <AdditionError error={error} />
    </div>
  );
}
