import { useId, useState } from 'react';
import type { ErrorData } from '../../client/index.ts';
import { useModel } from '../state/app-context.tsx';
import { FromAddress } from './adding/from-address.tsx';
import { FromCheckpoint } from './adding/from-checkpoint.tsx';
import { FromDisk } from './adding/from-disk.tsx';

/** Brings a model into the library: from a drive, from its publisher's checkpoint, or from an address. */
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
      <div className="select-field">
        <label htmlFor={selectId}>Kind of model</label>
        <select
          id={selectId}
          value={kind.id}
          onChange={event => {
            setKindId(event.currentTarget.value);
            setError(null);
          }}
        >
          {kinds.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <FromDisk kind={kind} onError={setError} />
      <FromCheckpoint key={`${kind.id}-checkpoint`} kind={kind} onError={setError} />
      <FromAddress key={`${kind.id}-address`} kind={kind} onError={setError} />
      {error && (
        <p className="field-error" role="alert">
          {error.message} {error.advice}
        </p>
      )}
    </details>
  );
}
