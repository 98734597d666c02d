import { type RefObject, useEffect, useRef } from 'react';
import type { CatalogueEntry } from '../../client/index.ts';
import { FilePickerButton } from '../controls/file-picker-button.tsx';
import { FileIcon } from '../controls/icons.tsx';
import { useApp } from '../state/app-context.tsx';
import { AdditionError } from './adding/addition-error.tsx';
import { FromAddress } from './adding/from-address.tsx';
import { FromCheckpoint } from './adding/from-checkpoint.tsx';
import { useAddition } from './adding/use-addition.ts';

/** A model of the catalogue whose checkpoint was asked for at its card; each wish is an object of its own. */
export interface WantedCheckpoint {
  entry: CatalogueEntry;
}

/** The ways for a model of one's own to come here: a file, an address, a checkpoint. No kind of model is chosen first. */
export function OwnFileSection({ wanted }: { wanted: WantedCheckpoint | null }) {
  const { offerController } = useApp();
  const checkpoint = useRef<HTMLDetailsElement>(null);
  const copied = useAddition('disk');
  useBroughtIntoView(checkpoint, wanted);
  return (
    <section ref={copied.ref as RefObject<HTMLElement>} className="own-file" aria-labelledby="own-file-title">
      <h3 id="own-file-title">A model of your own</h3>
      <p className="muted">
        Pick a GGUF file that you have, or drop it anywhere on the page: what it is, whether it runs here and
        how it is asked is shown before anything is done with it.
      </p>
      <FilePickerButton
        className="button button-primary"
        label="Model files to open"
        accept=".gguf,.json,application/octet-stream"
        onPick={files => {
          copied.setError(null);
          offerController.offerFiles(files);
        }}
      >
        <FileIcon size={18} />
        Open a model file…
      </FilePickerButton>
      <AdditionError error={copied.error} />
      <p className="muted">
        Of a file that was split, all its parts; of a model that sees images, its language file with its image
        file (mmproj); of what another Bedside exported, also the description (.bedside.json), by which a copy
        is compared with the original.
      </p>
      <details>
        <summary>From an address</summary>
        <FromAddress />
      </details>
      <details ref={checkpoint}>
        <summary>From a publisher’s checkpoint, converted here</summary>
        <FromCheckpoint key={wanted?.entry.id} entry={wanted?.entry ?? null} />
      </details>
    </section>
  );
}

function useBroughtIntoView(
  details: RefObject<HTMLDetailsElement | null>,
  wanted: WantedCheckpoint | null,
): void {
  useEffect(() => {
    const { current } = details;
    if (!wanted || !current) return;
    current.open = true;
    current.scrollIntoView({ block: 'start' });
    current.querySelector('summary')?.focus({ preventScroll: true });
  }, [details, wanted]);
}
