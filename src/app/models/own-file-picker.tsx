import { useRef, useState } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { FileIcon } from '../shell/icons.tsx';
import type { ModelFiles } from '../state/model-store.ts';

interface OwnFilePickerProps {
  entry: CatalogueEntry;
  dropped: ModelFiles | null;
  onChoose: (file: File, visionFile?: File) => void;
}

/** One file, or the two halves of a model that sees images, picked or dropped together. */
export function OwnFilePicker({ entry, dropped, onChoose }: OwnFilePickerProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [wrongCount, setWrongCount] = useState<number | null>(null);
  const needsTwo = entry.expects?.vision !== undefined;

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
        {needsTwo ? 'Open two GGUF files…' : 'Open a GGUF file…'}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple={needsTwo}
        accept=".gguf,application/octet-stream"
        aria-label={`${needsTwo ? 'GGUF files' : 'GGUF file'} of ${entry.name}`}
        onChange={event => {
          choose([...(event.currentTarget.files ?? [])]);
          // The same files can be picked again.
          event.currentTarget.value = '';
        }}
      />
      {needsTwo && (
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
