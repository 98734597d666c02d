import { useId } from 'react';
import { commands, tools } from './tools/registry.ts';

interface ReadingKeysPanelProps {
  id: string;
  hasSingleKeys: boolean;
  onSingleKeys: (isOn: boolean) => void;
}

const others = [
  { keys: 'Arrow keys', does: 'What dragging does with the chosen tool' },
  { keys: 'Page Up, Page Down', does: 'Image before, image after' },
  { keys: 'Home, End', does: 'First image, last image' },
  { keys: 'Enter', does: 'Set a point of a mark' },
  { keys: '?', does: 'Show or hide these keys' },
  { keys: 'Escape', does: 'Give up a mark; close' },
];

/** All keys. Those of one character can be switched off: dictation would press them. */
export function ReadingKeysPanel({ id, hasSingleKeys, onSingleKeys }: ReadingKeysPanelProps) {
  const titleId = useId();
  const rows = [
    ...tools.map(({ key, name }) => ({ keys: key, does: name })),
    ...commands.map(({ keys, name }) => ({ keys, does: name })),
    ...others,
  ];
  return (
    <section id={id} className="viewer-keys" aria-labelledby={titleId}>
      <h3 id={titleId}>Keys</h3>
      <dl>
        {rows.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        Wheel to scroll, with Ctrl to zoom; two fingers zoom. The right mouse button sets the window, the
        middle one moves.
      </p>
      <label className="viewer-check">
        <input
          type="checkbox"
          checked={hasSingleKeys}
          onChange={event => onSingleKeys(event.currentTarget.checked)}
        />
        Keys of a single character work
      </label>
    </section>
  );
}
