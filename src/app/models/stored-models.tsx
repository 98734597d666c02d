import { useEffect, useState } from 'react';
import { type CatalogueEntry, estimateStorage, type StorageEstimate } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { DeleteIcon } from '../shell/icons.tsx';
import { useApp, useModel } from '../state/app-context.tsx';

/** Model files that this browser keeps, so that the next start needs no network. */
export function StoredModels() {
  const { modelController } = useApp();
  const stored = useModel(state => state.stored);
  const catalogue = useModel(state => state.catalogue);
  const [estimate, setEstimate] = useState<StorageEstimate | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured again whenever the list changes
  useEffect(() => {
    let isCurrent = true;
    void estimateStorage().then(found => {
      if (isCurrent) setEstimate(found ?? null);
    });
    return () => {
      isCurrent = false;
    };
  }, [stored]);
  return (
    <section className="stored" aria-labelledby="stored-title">
      <h3 id="stored-title">Kept on this device</h3>
      {stored.length === 0 && <p className="muted">No model is stored.</p>}
      <ul>
        {stored.map(({ id, bytes }) => {
          const name = nameOf(id, catalogue);
          return (
            <li key={id}>
              <span>{name}</span>
              <span className="muted">{formatBytes(bytes)}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Delete the stored copy of ${name}`}
                title="Delete the stored copy"
                onClick={() => void modelController.deleteStored(id)}
              >
                <DeleteIcon size={16} />
              </button>
            </li>
          );
        })}
      </ul>
      {estimate && (
        <p className="muted">The browser reports {formatBytes(estimate.usedBytes)} in use by this site.</p>
      )}
    </section>
  );
}

/** A model that sees images is stored as two files. */
function nameOf(id: string, catalogue: readonly CatalogueEntry[]): string {
  const entry = catalogue.find(({ file, vision }) => file?.id === id || vision?.file?.id === id);
  if (!entry) return id;
  return entry.vision?.file?.id === id ? `${entry.name}, image half` : entry.name;
}
