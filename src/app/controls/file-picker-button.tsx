import { type ReactNode, useRef } from 'react';

interface FilePickerButtonProps {
  /** On the button. */
  children: ReactNode;
  className?: string;
  /** Of a button without words. */
  name?: string;
  /** What the files are, for who cannot see the button. */
  label: string;
  /** As an input's `accept`. */
  accept?: string;
  /** A whole folder instead of files. */
  isFolder?: boolean;
  onPick: (files: File[]) => void;
}

/** Opens the browser's own dialog for files. */
export function FilePickerButton({
  children,
  className = 'button',
  name,
  label,
  accept,
  isFolder = false,
  onPick,
}: FilePickerButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={name}
        title={name}
        onClick={() => picker.current?.click()}
      >
        {children}
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={accept}
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
