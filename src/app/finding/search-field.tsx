import { lazy, Suspense, useRef, useState } from 'react';
import { SearchIcon } from '../controls/icons.tsx';
import { handleKey } from '../input/input-method.ts';
import { usePrivateText } from '../input/private-text.ts';

const SearchResults = lazy(() =>
  import('./search-results.tsx').then(
    ({ SearchResults }) => ({ default: SearchResults }),
    () => ({ default: MissingResults }),
  ),
);

function MissingResults() {
  return <p className="history-empty">The search could not be loaded. Reload the page to use it.</p>;
}

/** Over the list of conversations, in whose place what was found is listed. Arrow keys go into that list; Escape clears. */
export function SearchField({ onSearching }: { onSearching: (isSearching: boolean) => void }) {
  const privateText = usePrivateText();
  const [typed, setTyped] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const frame = useRef<HTMLDivElement>(null);

  function change(next: string): void {
    setTyped(next);
    onSearching(next.trim() !== '');
  }

  function move(step: 1 | -1): void {
    const items = [...(frame.current?.querySelectorAll<HTMLElement>('.found-open') ?? [])];
    const place = items.indexOf(document.activeElement as HTMLElement) + step;
    (place < 0 ? field.current : items[Math.min(place, items.length - 1)])?.focus();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of the floor do not know the element
    <div
      role="search"
      ref={frame}
      className="search"
      data-active={typed.trim() !== ''}
      onKeyDown={handleKey(event => {
        if (event.key === 'Escape' && typed !== '') {
          event.stopPropagation();
          event.preventDefault();
          change('');
          field.current?.focus();
        } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
          event.preventDefault();
          move(event.key === 'ArrowDown' ? 1 : -1);
        } else if (event.key === 'Enter' && event.target === field.current) {
          frame.current?.querySelector<HTMLElement>('.found-open')?.click();
        }
      })}
    >
      <div className="search-field">
        <SearchIcon size={16} />
        <input
          ref={field}
          type="search"
          aria-label="Search conversations"
          placeholder="Search"
          dir="auto"
          maxLength={200}
          {...privateText}
          value={typed}
          onChange={event => change(event.currentTarget.value)}
        />
      </div>
      {typed.trim() !== '' && (
        <Suspense fallback={null}>
          <SearchResults typed={typed} />
        </Suspense>
      )}
    </div>
  );
}
