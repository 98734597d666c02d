import { type RefObject, useId, useState } from 'react';
import { bytesOfEntry, type CatalogueEntry, type ConvertRequest } from '../../../client/index.ts';
import { FilePickerButton } from '../../controls/file-picker-button.tsx';
import { formatBytes } from '../../format/quantities.ts';
import { handleSubmit } from '../../input/input-method.ts';
import { useApp } from '../../state/app-context.tsx';
import { AdditionError } from './addition-error.tsx';
import { AddressField } from './address-field.tsx';
import { Prospect } from './prospect.tsx';
import { useAddition } from './use-addition.ts';

const precisions: Record<ConvertRequest['type'], string> = {
  Q4_0: '4 bits: smallest and fastest',
  Q8_0: '8 bits: nearly as exact as the original',
  F16: '16 bits: as exact as the original, four times as large as 4 bits',
};

/** Eight bits where that fits most devices that run the model at all. */
const usualPrecision = (entry: CatalogueEntry | null): ConvertRequest['type'] =>
  entry && bytesOfEntry(entry) > largestAtEightBits ? 'Q4_0' : 'Q8_0';

const largestAtEightBits = 3e9;

interface FromCheckpointProps {
  /** Whose published checkpoint is meant; null where the reader names one. */
  entry: CatalogueEntry | null;
}

/** Converts what a publisher gives out, from a folder of this machine or while it is fetched. */
export function FromCheckpoint({ entry }: FromCheckpointProps) {
  const { libraryAdditions } = useApp();
  const { error, setError, ref } = useAddition('checkpoint');
  const published = entry?.publisher?.checkpoint;
  const [type, setType] = useState<ConvertRequest['type']>(usualPrecision(entry));
  const [url, setUrl] = useState(published?.url ?? '');
  const [isLooking, setIsLooking] = useState(false);
  const selectId = useId();
  const add = async (adding: Promise<typeof error>) => {
    setIsLooking(true);
    setError(await adding);
    setIsLooking(false);
  };
  return (
    <form
      ref={ref as RefObject<HTMLFormElement>}
      className="add-source"
      onSubmit={handleSubmit(() => {
        if (!isLooking) void add(libraryAdditions.addCheckpointByAddress(url, type));
      })}
    >
      <p className="muted">
        The weights as they are published (config.json, the tokenizer’s files, and .safetensors or .bin). They
        are converted while they are read, on this machine; nothing in them is run, and the originals are not
        kept.
      </p>
      {entry && <Prospect entry={entry} />}
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
        label="Checkpoint folder"
        isFolder
        onPick={files => void add(libraryAdditions.addCheckpoint(files, type))}
      >
        Choose the folder…
      </FilePickerButton>
      <AddressField label="Or the address of its folder" value={url} onChange={setUrl} />
      {published && url === published.url && (
        <p className="muted">
          About {formatBytes(published.bytesApprox)} are fetched from the publisher of {entry?.name}. Read its
          licence first.
        </p>
      )}
      <AdditionError error={error} />
      <button type="submit" className="button" aria-disabled={isLooking}>
        Fetch and convert
      </button>
    </form>
  );
}
