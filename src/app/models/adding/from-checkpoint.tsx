import { type RefObject, useId, useState } from 'react';
import { bytesOfEntry, type CatalogueEntry, type ConvertRequest } from '../../../client/index.ts';
import { FilePickerButton } from '../../controls/file-picker-button.tsx';
import { formatBytes } from '../../format/quantities.ts';
import { handleSubmit } from '../../input/input-method.ts';
import { useApp } from '../../state/app-context.tsx';
import { AdditionError } from './addition-error.tsx';
import { AddressField } from './address-field.tsx';
import type { SourceProps } from './source-props.ts';
import { useAddition } from './use-addition.ts';

const precisions: Record<ConvertRequest['type'], string> = {
  Q4_0: '4 bits: smallest and fastest',
  Q8_0: '8 bits: nearly as exact as the original',
  F16: '16 bits: as exact as the original, four times as large as 4 bits',
};

/** Eight bits where that fits most devices that run the model at all. */
const usualPrecision = (kind: CatalogueEntry): ConvertRequest['type'] =>
  bytesOfEntry(kind) > largestAtEightBits ? 'Q4_0' : 'Q8_0';

const largestAtEightBits = 3e9;

/** Converts what a publisher gives out, from a folder of this machine or while it is fetched. */
export function FromCheckpoint({ kind }: SourceProps) {
  const { libraryAdditions } = useApp();
  const { error, setError, ref } = useAddition('checkpoint');
  const published = kind.publisher?.checkpoint;
  const [type, setType] = useState<ConvertRequest['type']>(usualPrecision(kind));
  const [url, setUrl] = useState(published?.url ?? '');
  const selectId = useId();
  return (
    <form
      ref={ref as RefObject<HTMLFormElement>}
      className="add-source"
      onSubmit={handleSubmit(() => {
        void libraryAdditions.addCheckpointByAddress(url, kind, type).then(setError);
      })}
    >
      <h4>From the publisher’s checkpoint</h4>
      <p className="muted">
        The weights as they are published (config.json, the tokenizer’s files, and .safetensors or .bin). They
        are converted while they are read, on this machine; nothing in them is run, and the originals are not
        kept.
      </p>
      <div className="select-field">
        <label htmlFor={selectId}>Precision</label>
        <select
          id={selectId}
          value={type}
          onChange={event => setType(event.currentTarget.value as ConvertRequest['type'])}
        >
          {Object.entries(precisions).map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      </div>
      <FilePickerButton
        label={`Checkpoint folder of ${kind.name}`}
        isFolder
        onPick={files => void libraryAdditions.addCheckpoint(files, kind, type).then(setError)}
      >
        Choose the folder…
      </FilePickerButton>
      <AddressField label="Or the address of its folder" value={url} onChange={setUrl} />
      {published && url === published.url && (
        <p className="muted">
          About {formatBytes(published.bytesApprox)} are fetched from its publisher. Read its licence first.
        </p>
      )}
      <AdditionError error={error} />
      <button type="submit" className="button">
        Fetch and convert
      </button>
    </form>
  );
}
