import { useId, useRef, useState } from 'react';
import type { CatalogueEntry, ConvertRequest, ErrorData } from '../../client/index.ts';
import { useApp, useModel } from '../state/app-context.tsx';

/** Brings a model into the library: from an address, or from a drive. */
export function AddModel() {
  const catalogue = useModel(state => state.catalogue);
  const kinds = catalogue.filter(({ kind }) => kind === 'bring-your-own');
  const [kindId, setKindId] = useState('');
  const [error, setError] = useState<ErrorData | null>(null);
  const kind = kinds.find(({ id }) => id === kindId) ?? kinds[0];
  const selectId = useId();
  if (!kind) return null;
  return (
    <details className="add-model">
      <summary>Add a model to keep on this device</summary>
      <p className="muted">
        A model that is kept here is checked byte by byte, needs no network afterwards, and can be exported to
        a drive for another machine.
      </p>
      <label htmlFor={selectId}>Kind of model</label>
      <select id={selectId} value={kind.id} onChange={event => setKindId(event.currentTarget.value)}>
        {kinds.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
      <FromDisk kind={kind} onError={setError} />
      <FromCheckpoint kind={kind} onError={setError} />
      <FromAddress key={kind.id} kind={kind} onError={setError} />
      {error && (
        <p className="field-error" role="alert">
          {error.message} {error.advice}
        </p>
      )}
    </details>
  );
}

interface SourceProps {
  kind: CatalogueEntry;
  onError: (error: ErrorData | null) => void;
}

function FromDisk({ kind, onError }: SourceProps) {
  const { modelLibraryController } = useApp();
  const picker = useRef<HTMLInputElement>(null);
  const what = kind.vision ? 'its two GGUF files' : 'its GGUF file';
  return (
    <div className="add-source">
      <h4>From a drive of this machine</h4>
      <p className="muted">
        Choose {what}. A model exported by another Bedside comes with a small description (.bedside.json):
        choose it too, and every part of the copy is compared with the original.
      </p>
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        Choose files to copy…
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        aria-label={`Files of ${kind.name} to copy`}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) void modelLibraryController.addFromDisk(files, kind).then(onError);
        }}
      />
    </div>
  );
}

const precisions: Record<ConvertRequest['type'], string> = {
  Q4_0: '4 bits: smallest and fastest',
  Q8_0: '8 bits: nearly as exact as the original',
  F16: '16 bits: as exact as the original, four times as large as 4 bits',
};

function FromCheckpoint({ kind, onError }: SourceProps) {
  const { modelLibraryController } = useApp();
  const picker = useRef<HTMLInputElement>(null);
  const [type, setType] = useState<ConvertRequest['type']>('Q8_0');
  const selectId = useId();
  return (
    <div className="add-source">
      <h4>From the publisher’s checkpoint</h4>
      <p className="muted">
        The folder as it is published (config.json, the tokenizer’s files, and the weights as .safetensors or
        .bin). It is converted while it is read, on this machine; nothing in it is run.
      </p>
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
      <button type="button" className="button" onClick={() => picker.current?.click()}>
        Choose the folder…
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        {...{ webkitdirectory: '' }}
        aria-label={`Checkpoint folder of ${kind.name}`}
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (files.length > 0) void modelLibraryController.addCheckpoint(files, kind, type).then(onError);
        }}
      />
    </div>
  );
}

function FromAddress({ kind, onError }: SourceProps) {
  const { modelLibraryController } = useApp();
  const [url, setUrl] = useState('');
  const [visionUrl, setVisionUrl] = useState('');
  const [sha256, setSha256] = useState('');
  const add = async () => {
    const error = await modelLibraryController.addByAddress({
      name: '',
      entry: kind,
      url,
      ...(kind.vision ? { visionUrl } : {}),
      ...(sha256.trim() ? { sha256 } : {}),
    });
    onError(error);
    if (error) return;
    setUrl('');
    setVisionUrl('');
    setSha256('');
  };
  return (
    <form
      className="add-source"
      onSubmit={event => {
        event.preventDefault();
        void add();
      }}
    >
      <h4>From an address</h4>
      <p className="muted">
        The address of the file itself. It is asked for nothing but that file; an interrupted download goes on
        where it broke, also after days.
      </p>
      <AddressField
        label={kind.vision ? 'Address of the text half' : 'Address of the GGUF file'}
        value={url}
        onChange={setUrl}
      />
      {kind.vision && (
        <AddressField label="Address of the image half (mmproj)" value={visionUrl} onChange={setVisionUrl} />
      )}
      <label>
        SHA-256, where the publisher names it
        <input
          type="text"
          spellCheck={false}
          autoComplete="off"
          value={sha256}
          onChange={event => setSha256(event.currentTarget.value)}
        />
      </label>
      <button type="submit" className="button">
        Fetch
      </button>
    </form>
  );
}

interface AddressFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function AddressField({ label, value, onChange }: AddressFieldProps) {
  return (
    <label>
      {label}
      <input
        type="text"
        inputMode="url"
        required
        spellCheck={false}
        autoComplete="off"
        placeholder="https://"
        value={value}
        onChange={event => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
