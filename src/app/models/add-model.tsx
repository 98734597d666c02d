import { useEffect, useId, useRef } from 'react';
import { bytesOfEntry, type CatalogueEntry, freeBytes } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { judgeModel } from '../hardware/verdict.ts';
import { useLibrary, useModel } from '../state/app-context.tsx';
import { FromAddress } from './adding/from-address.tsx';
import { FromCheckpoint } from './adding/from-checkpoint.tsx';
import { FromDisk } from './adding/from-disk.tsx';

export interface WantedModel {
  kindId: string;
  /** Asked for elsewhere on the page: the ways to have it come into view. */
  isFromCard: boolean;
}

interface AddModelProps {
  /** What was asked for; each wish is an object of its own. */
  wanted: WantedModel | null;
  onWant: (wanted: WantedModel) => void;
}

/** Brings a model into the library: from a drive, from its publisher's checkpoint, or from an address. */
export function AddModel({ wanted, onWant }: AddModelProps) {
  const catalogue = useModel(state => state.catalogue);
  const kinds = catalogue.filter(({ kind }) => kind === 'bring-your-own');
  const details = useRef<HTMLDetailsElement>(null);
  const kind = kinds.find(({ id }) => id === wanted?.kindId) ?? kinds[0];
  const selectId = useId();
  useEffect(() => {
    const { current } = details;
    if (!wanted?.isFromCard || !current) return;
    current.open = true;
    current.scrollIntoView({ block: 'start' });
    current.querySelector('summary')?.focus({ preventScroll: true });
  }, [wanted]);
  if (!kind) return null;
  return (
    <details ref={details} className="add-model">
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
            onWant({ kindId: event.currentTarget.value, isFromCard: false });
          }}
        >
          {kinds.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <Prospect kind={kind} />
      <FromDisk key={`${kind.id}-disk`} kind={kind} />
      <FromCheckpoint key={`${kind.id}-checkpoint`} kind={kind} />
      <FromAddress key={`${kind.id}-address`} kind={kind} />
    </details>
  );
}

/** Whether it is worth the hours: said before gigabytes are fetched. */
function Prospect({ kind }: { kind: CatalogueEntry }) {
  const device = useModel(state => state.device);
  const estimate = useLibrary(state => state.estimate);
  const { verdict, reason } = judgeModel({ entry: kind, device, loaded: null, plan: null, foundBytes: null });
  const isHopeless = verdict === 'too-slow' || verdict === 'does-not-fit';
  const free = estimate && freeBytes(estimate);
  const bytes = bytesOfEntry(kind);
  return (
    <>
      <p className={isHopeless ? 'field-error' : 'muted'}>
        {isHopeless && 'It will not run on this device. '}
        {reason}
      </p>
      {free !== null && free !== undefined && (
        <p className={free < bytes ? 'field-error' : 'muted'}>
          It takes about {formatBytes(bytes)} on this device; the browser gives this site {formatBytes(free)}{' '}
          more.
        </p>
      )}
    </>
  );
}
