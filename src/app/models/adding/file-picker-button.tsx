import { useRef } from 'react';

interface FilePickerButtonProps {
  /** On the button. */
  words: string;
  /** What the files are, for who cannot see the button. */
  label: string;
  /** A whole folder instead of files. */
  isFolder?: boolean;
  onPick: (files: File[]) => void;
}

/** Opens the browser's own dialog for files. */
export function FilePickerButton({ words, label, isFolder = false, onPick }: FilePickerButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        {words}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        {...(isFolder ? { webkitdirectory: '' } : {})}
        aria-label={label}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          // The same files can be picked again.
          event.currentTarget.value = '';
          if (files.length > 0) onPick(files);
        }}
      />
    </>
  );
}
