import { useState } from 'react';
import { formatBytes } from '../format/quantities.ts';
import { jobInWords, storedInWords } from '../format/transfer.ts';
import { useApp, useModel, useModelLibrary } from '../state/app-context.tsx';
import type { LibraryModel as Model } from '../state/model-library-store.ts';

interface LibraryModelProps {
  model: Model;
  onUse: () => void;
}

/** A model of this device: what there is of it, what is being done, and what can be done. */
export function LibraryModel({ model, onUse }: LibraryModelProps) {
  const { modelLibraryController: library } = useApp();
  const job = useModelLibrary(state => state.jobs[model.id]);
  const error = useModelLibrary(state => state.errors[model.id]);
  const isInUse = useModel(state => state.phase === 'ready' && state.entry?.id === model.id);
  return (
    <li className="library-model" aria-label={model.name} data-complete={model.isComplete}>
      <div className="library-words">
        <p className="library-name">{model.name}</p>
        {job ? (
          <p className="muted figure">{jobInWords(job)}</p>
        ) : (
          <p className="muted figure">{storedInWords(model)}</p>
        )}
      </div>
      <div className="library-actions">
        {job && (
          <button type="button" className="button" onClick={() => library.pause(model.id)}>
            {model.isFetchable && job.phase !== 'verify' ? 'Pause' : 'Stop'}
          </button>
        )}
        {!job && model.isComplete && (
          <>
            <button type="button" className="button" disabled={isInUse} onClick={onUse}>
              {isInUse ? 'In use' : 'Use'}
            </button>
            <button type="button" className="text-button" onClick={() => void library.verify(model.id)}>
              Verify
            </button>
            <button type="button" className="text-button" onClick={() => void library.exportFiles(model.id)}>
              Export
            </button>
          </>
        )}
        {!job && !model.isComplete && model.isFetchable && (
          <button
            type="button"
            className="button button-primary"
            onClick={() => void library.fetch(model.id)}
          >
            {model.storedBytes > 0 ? 'Fetch the rest' : 'Fetch'}
          </button>
        )}
        {!job && !model.isComplete && !model.isFetchable && (
          <p className="muted">Add its files again below: what is here is not copied twice.</p>
        )}
        <DeleteButton model={model} />
      </div>
      {job && (
        <progress
          className="bar"
          aria-label={`${model.name}: progress`}
          {...(job.total > 0 ? { value: job.done, max: job.total } : {})}
        />
      )}
      {error && (
        <p className="field-error" role="alert" data-code={error.code}>
          {error.message} {error.advice}
        </p>
      )}
    </li>
  );
}

/** Gigabytes are not deleted by a slip of the hand. */
function DeleteButton({ model }: { model: Model }) {
  const { modelLibraryController: library } = useApp();
  const [isAsking, setIsAsking] = useState(false);
  if (!isAsking) {
    return (
      <button
        type="button"
        className="text-button"
        aria-label={`Delete the stored copy of ${model.name}`}
        onClick={() => setIsAsking(true)}
      >
        Delete
      </button>
    );
  }
  return (
    <span className="library-confirm">
      <span>Delete {model.storedBytes > 0 ? formatBytes(model.storedBytes) : 'this entry'}?</span>
      <button
        type="button"
        className="button button-danger"
        onClick={() => {
          setIsAsking(false);
          void library.remove(model.id);
        }}
      >
        Delete for good
      </button>
      <button type="button" className="text-button" onClick={() => setIsAsking(false)}>
        Keep
      </button>
    </span>
  );
}
