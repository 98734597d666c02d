import { handleKey } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';

/** In the place of a title. Null where it stays as it was. */
export function RenameField({ title, onDone }: { title: string; onDone: (next: string | null) => void }) {
  const privateText = usePrivateText();
  return (
    <input
      className="history-rename"
      aria-label="New title"
      dir="auto"
      {...privateText}
      defaultValue={title}
      maxLength={120}
      ref={input => {
        // Renaming was asked for by a press on a button: the field takes over from it.
        if (input && document.activeElement !== input) {
          input.focus();
          input.select();
        }
      }}
      onKeyDown={handleKey(event => {
        if (event.key === 'Enter') onDone(event.currentTarget.value);
        if (event.key === 'Escape') {
          event.stopPropagation();
          onDone(null);
        }
      })}
      onBlur={event => onDone(event.currentTarget.value)}
    />
  );
}
