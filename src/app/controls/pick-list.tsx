import { useEffect, useId, useMemo, useState } from 'react';
import { plural } from '../format/quantities.ts';
import { handleKey } from '../input/input-method.ts';
import { privateText } from '../input/private-text.ts';

export interface PickItem {
  id: string;
  name: string;
  /** Under which heading it stands; items of one heading follow each other. */
  group: string;
  /** Below the name. */
  detail?: string;
  /** By what else it is found. */
  words?: string;
  /** The keys that do the same. */
  keys?: string;
  /** In words: it is shown, and cannot be picked. */
  whyNot?: string | null;
}

interface PickListProps {
  label: string;
  listName: string;
  /** Said where nothing is found. */
  none: string;
  items: readonly PickItem[];
  onPick: (id: string) => void;
}

/**
 * A field over a list: what is typed narrows it, arrow keys go through it while the field keeps the focus, Enter picks (the
 * combobox of the ARIA Authoring Practices with a list that is always open).
 */
export function PickList({ label, listName, none, items, onPick }: PickListProps) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [wantedId, setWantedId] = useState<string | null>(null);
  const found = useMemo(() => findItems(items, typed), [items, typed]);
  const active = found.find(item => item.id === wantedId) ?? found.find(({ whyNot }) => !whyNot) ?? found[0];
  const activeId = active?.id;
  const optionId = (item: string) => `${id}-${item}`;

  useEffect(() => {
    if (activeId === undefined) return;
    document.getElementById(`${id}-${activeId}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, activeId]);

  const move = (step: number) => {
    const place = active ? found.indexOf(active) : -1;
    const next = found[(place + step + found.length) % found.length];
    if (next) setWantedId(next.id);
  };
  const pick = (item: PickItem | undefined) => {
    if (item && !item.whyNot) onPick(item.id);
  };

  return (
    <div className="pick">
      <input
        className="pick-field"
        data-focus-first
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={active && optionId(active.id)}
        placeholder={label}
        dir="auto"
        maxLength={200}
        {...privateText}
        value={typed}
        onChange={event => {
          setTyped(event.currentTarget.value);
          setWantedId(null);
        }}
        onKeyDown={handleKey(event => {
          if (event.key === 'ArrowDown') move(1);
          else if (event.key === 'ArrowUp') move(-1);
          else if (event.key === 'Enter') pick(active);
          else return;
          event.preventDefault();
        })}
      />
      <p className="visually-hidden" role="status">
        {found.length === 0 ? none : plural(found.length, 'entry', 'entries')}
      </p>
      <div id={`${id}-list`} className="pick-list" role="listbox" aria-label={listName}>
        {groupItems(found).map(([group, members]) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options, which no fieldset can be
          <div key={group} role="group" aria-label={group}>
            <p className="pick-group" aria-hidden="true">
              {group}
            </p>
            {members.map(item => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field does for the keyboard what a click does
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              <div
                key={item.id}
                id={optionId(item.id)}
                className="pick-item"
                role="option"
                aria-selected={item.id === activeId}
                aria-disabled={Boolean(item.whyNot)}
                onMouseMove={() => setWantedId(item.id)}
                onClick={() => pick(item)}
              >
                <span className="pick-name">
                  {item.name}
                  {(item.whyNot ?? item.detail) && (
                    <span className="pick-detail">{item.whyNot ?? item.detail}</span>
                  )}
                </span>
                {item.keys && <kbd>{item.keys}</kbd>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {found.length === 0 && <p className="muted pick-none">{none}</p>}
    </div>
  );
}

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Those that have each typed word somewhere, as they are listed: first the headings and items that have most of them in their names. */
function findItems(items: readonly PickItem[], typed: string): readonly PickItem[] {
  const wanted = fold(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return items;
  const found = items.filter(({ name, group, detail = '', words = '' }) => {
    const text = fold([name, group, detail, words].join(' '));
    return wanted.every(word => text.includes(word));
  });
  const inName = ({ name }: PickItem) => wanted.filter(word => fold(name).includes(word)).length;
  const best = found.toSorted((a, b) => inName(b) - inName(a));
  return groupItems(best).flatMap(([, members]) => members);
}

function groupItems(items: readonly PickItem[]): [string, PickItem[]][] {
  const groups = new Map<string, PickItem[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups];
}
