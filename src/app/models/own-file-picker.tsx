import { useRef, useState } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { FileIcon } from '../shell/icons.tsx';
import type { ModelFiles } from '../state/model-store.ts';

interface OwnFilePickerProps {
  entry: CatalogueEntry;
  dropped: ModelFiles | null;
  /** Whether the files are loaded at once, or only looked at. */
  purpose?: 'open' | 'check';
  onChoose: (file: File, visionFile?: File) => void;
}

/** One file, or the two halves of a model that sees images, picked or dropped together. */
export function OwnFilePicker({ entry, dropped, purpose = 'open', onChoose }: OwnFilePickerProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [wrongCount, setWrongCount] = useState<number | null>(null);
  const needsTwo = entry.expects?.vision !== undefined;

  const what = needsTwo ? 'two GGUF files' : 'a GGUF file';
  const label =
    purpose === 'check'
      ? `Check ${what} for ${entry.name}`
      : `${needsTwo ? 'GGUF files' : 'GGUF file'} of ${entry.name}`;

  const choose = (files: File[]) => {
    const [file, visionFile] = files;
    if (!file) return;
    if (files.length === (needsTwo ? 2 : 1)) onChoose(file, visionFile);
    else setWrongCount(files.length);
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
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        <FileIcon size={18} />
        {purpose === 'check' ? 'Check' : 'Open'} {what}…
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={needsTwo}
        accept=".gguf,application/octet-stream"
        aria-label={label}
        onChange={event => {
          choose([...(event.currentTarget.files ?? [])]);
          // The same files can be picked again.
          event.currentTarget.value = '';
        }}
      />
      {needsTwo && (purpose === 'open' || wrongCount !== null) && (
        <p
          className={wrongCount === null ? 'muted' : 'field-error'}
          role={wrongCount === null ? undefined : 'alert'}
        >
          {wrongCount !== null &&
            `${wrongCount === 1 ? 'One file was' : `${wrongCount} files were`} chosen. `}
          This model comes in two files, one for text and one for images (mmproj): choose both at once, in any
          order.
        </p>
      )}
    </>
  );
}
