import { type RefObject, useId, useState } from 'react';
import {
  asConverted,
  bytesOfEntry,
  type CatalogueEntry,
  convertedBytesOfWeight,
  type Quantisation,
  quantisations,
} from '../../../client/index.ts';
import { FilePickerButton } from '../../controls/file-picker-button.tsx';
import { formatBytes } from '../../format/quantities.ts';
import { handleSubmit } from '../../input/input-method.ts';
import { useApp } from '../../state/app-context.tsx';
import { AdditionError } from './addition-error.tsx';
import { AddressField } from './address-field.tsx';
import { Prospect } from './prospect.tsx';
import { useAddition } from './use-addition.ts';

const precisions: Record<Quantisation, string> = {
  F16: '16 bits: as exact as the original',
  Q8_0: '8 bits: nearly as exact as the original',
  Q6_K: '6 bits (Q6_K): a little less exact than 8 bits',
  Q5_K_M: '5 bits, some weights 6 (Q5_K_M)',
  Q4_K_M: '4 bits, some weights 6 (Q4_K_M): more exact than 4 bits for all',
  Q4_0: '4 bits for all: quickly converted',
  Q3_K_M: '3 bits, some weights 4 to 6 (Q3_K_M): answers become less exact',
  Q2_K: '2 bits, some weights 3 to 6 (Q2_K): only where nothing else fits',
};

/** Their scales are searched for, without WebAssembly: five to ten minutes of a core for every billion weights. */
const takesLong = (type: Quantisation) => type.includes('_K');

/** Of the files that result; where the model is not known yet, for every billion weights. */
const sizeInWords = (entry: CatalogueEntry | null, type: Quantisation): string =>
  entry?.states
    ? `about ${formatBytes(bytesOfEntry(asConverted(entry, type)))}`
    : `about ${formatBytes(1e9 * convertedBytesOfWeight(type))} for every billion weights`;

/** Eight bits where that fits most devices that run the model at all. */
const usualPrecision = (entry: CatalogueEntry | null): Quantisation =>
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
  const [type, setType] = useState(() => usualPrecision(entry));
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
      {entry && <Prospect entry={asConverted(entry, type)} />}
      <div className="select-field">
        <label htmlFor={selectId}>Precision</label>
        <select
          id={selectId}
          value={type}
          onChange={event => setType(event.currentTarget.value as Quantisation)}
        >
          {quantisations.map(id => (
            <option key={id} value={id}>
              {precisions[id]}, {sizeInWords(entry, id)}
            </option>
          ))}
        </select>
      </div>
      {takesLong(type) && (
        <p className="muted">
          The scales of this precision are searched for, group by group: that takes some five to ten minutes
          for every billion weights, however fast they are fetched. What was converted is kept when you pause.
        </p>
      )}
      <FilePickerButton
        label="Checkpoint folder"
        isFolder
        onPick={files => void add(libraryAdditions.addCheckpoint(files, type, entry))}
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
