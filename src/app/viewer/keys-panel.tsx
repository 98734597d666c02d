import { useId } from 'react';
import type { ImageKeys } from './use-image-keys.ts';

/** Keys that do the same, or one and its opposite. */
export interface KeyRow {
  keys: readonly string[];
  does: string;
}

interface KeysPanelProps {
  id: string;
  keys: ImageKeys;
  rows: readonly KeyRow[];
  /** What the pointer does. */
  hint: string;
}

/** All keys of a dialog that shows images. */
export function KeysPanel({ id, keys: { hasSingle, setSingle }, rows, hint }: KeysPanelProps) {
  const titleId = useId();
  return (
    <section id={id} className="viewer-keys" aria-labelledby={titleId}>
      <h3 id={titleId}>Keys</h3>
      <dl>
        {rows.map(({ keys, does }) => (
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
      <p className="muted">{hint}</p>
      <label className="viewer-check">
        <input
          type="checkbox"
          checked={hasSingle}
          onChange={event => setSingle(event.currentTarget.checked)}
        />
        Keys of a single character work
      </label>
    </section>
  );
}
