import { useId } from 'react';
import { viewerKeys } from './viewer-keys.ts';

interface KeysPanelProps {
  id: string;
  hasSingleKeys: boolean;
  onSingleKeys: (isOn: boolean) => void;
}

/** All keys. Those of one character can be switched off: dictation would press them. */
export function KeysPanel({ id, hasSingleKeys, onSingleKeys }: KeysPanelProps) {
  const titleId = useId();
  return (
    <section id={id} className="viewer-keys" aria-labelledby={titleId}>
      <h3 id={titleId}>Keys</h3>
      <dl>
        {viewerKeys.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className="muted">
        Drag to move, wheel or two fingers to zoom. Drag with the right mouse button: up is brighter, right is
        more contrast.
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
