import { useState } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { FileIcon } from '../controls/icons.tsx';
import type { ModelFiles } from '../state/model/model-choice.ts';
import { groupParts, type PickedFile } from '../state/model/picked-model.ts';

interface OwnFilePickerProps {
  entry: CatalogueEntry;
  dropped: ModelFiles | null;
  /** Whether the files are loaded at once, or only looked at. */
  purpose?: 'open' | 'check';
  onChoose: (file: PickedFile, visionFile?: PickedFile) => void;
}

/** One file, or the two halves of a model that sees images, picked or dropped together; each whole or in parts. */
export function OwnFilePicker({ entry, dropped, purpose = 'open', onChoose }: OwnFilePickerProps) {
  const [wrong, setWrong] = useState<readonly File[] | null>(null);
  const needsTwo = entry.expects?.vision !== undefined;

  const what = needsTwo ? 'two GGUF files' : 'a GGUF file';
  const label =
    purpose === 'check'
      ? `Check ${what} for ${entry.name}`
      : `${needsTwo ? 'GGUF files' : 'GGUF file'} of ${entry.name}`;

  const choose = (files: File[]) => {
    const [file, visionFile, ...more] = groupParts(files);
    if (!file) return;
    if (more.length === 0 && Boolean(visionFile) === needsTwo) onChoose(file, visionFile);
    else setWrong(files);
  };

  if (dropped && (!needsTwo || dropped.visionFile)) {
    return (
      <button
        type="button"
        className="button button-primary"
        onClick={() => onChoose(dropped.file, dropped.visionFile)}
      >
        Open as {entry.name}
      </button>
    );
  }
  return (
    <>
      {dropped && <p className="muted">Its other file is missing: open both together.</p>}
      <FilePickerButton label={label} accept=".gguf,application/octet-stream" onPick={choose}>
        <FileIcon size={18} />
        {purpose === 'check' ? 'Check' : 'Open'} {what}…
      </FilePickerButton>
      {(wrong || (needsTwo && purpose === 'open')) && (
        <p className={wrong ? 'field-error' : 'muted'} role={wrong ? 'alert' : undefined}>
          {wrong && `${wrong.length === 1 ? 'One file was' : `${wrong.length} files were`} chosen. `}
          {needsTwo
            ? 'This model comes in two files, one for text and one for images (mmproj): choose both at once, in any order.'
            : 'Choose the one file of one model.'}
          {wrong && wrong.length > 1 && ' Of a file that was split, choose all the parts.'}
        </p>
      )}
    </>
  );
}
