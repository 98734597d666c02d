import { useRef } from 'react';
import { ImageIcon } from '../shell/icons.tsx';
import { useApp } from '../state/app-context.tsx';

export function AttachButton() {
  const { openFiles } = useApp();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="icon-button attach"
        aria-label="Attach an image"
        title="Attach an image"
        onClick={() => picker.current?.click()}
      >
        <ImageIcon />
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept="image/*"
        aria-label="Image files"
        onChange={event => {
          void openFiles([...(event.currentTarget.files ?? [])]);
          // The same file can be picked again after it was removed.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
