import { useState } from 'react';
import { blindCopyWords, isBlindCopy } from '../format/blind-copy.ts';
import { licenceInWords } from '../format/identity-in-words.ts';
import { formatBytes } from '../format/quantities.ts';
import { handleKey } from '../input/input-method.ts';
import { useApp, useLibrary, useModel } from '../state/app-context.tsx';
import type { LibraryModel as Model } from '../state/library/library-store.ts';
import { TermsGate } from './terms-gate.tsx';
import { jobInWords, storedInWords } from './transfer-in-words.ts';

interface LibraryModelProps {
  model: Model;
  onUse: () => void;
}

/** A model of this device: what there is of it, what is being done, and what can be done. */
export function LibraryModel({ model, onUse }: LibraryModelProps) {
  const { libraryController: library } = useApp();
  const job = useLibrary(state => state.jobs[model.id]);
  const error = useLibrary(state => state.errors[model.id]);
  const { name } = model;
  // Two files of one model have one name.
  const fileName = model.isDemonstration ? name : (model.files[0]?.name ?? name);
  const entry = useModel(({ catalogue }) => catalogue.find(({ id }) => id === model.id));
  const isInUse = useModel(state => state.phase === 'ready' && state.entry?.id === model.id);
  return (
    <li className="library-model" aria-label={name} data-complete={model.isComplete}>
      <div className="library-words">
        <p className="library-name" dir="auto">
          {name}
        </p>
        {fileName !== name && (
          <p className="muted library-file" dir="auto">
            {fileName}
          </p>
        )}
        {model.identity && (
          <p className="muted" dir="auto">
            Licence, as its file states it: {licenceInWords(model.identity)}
          </p>
        )}
        {entry && isBlindCopy(entry) && <p className="muted">{blindCopyWords}</p>}
        {job ? (
          <p className="muted figure">{jobInWords(job)}</p>
        ) : (
          <p className="muted figure">
            {model.condition ? unreadable[model.condition] : storedInWords(model)}
          </p>
        )}
      </div>
      <div className="library-actions">
        {job && (
          <ModelButton
            className="button"
            label={model.isFetchable && job.phase !== 'verify' ? 'Pause' : 'Stop'}
            name={name}
            onPress={() => library.pause(model.id)}
          />
        )}
        {!job && model.isComplete && (
          <TermsGate subject={entry ?? model}>
            <ModelButton
              className="button"
              label={isInUse ? 'In use' : 'Use'}
              name={name}
              disabled={isInUse}
              onPress={onUse}
            />
            <ModelButton label="Verify" name={name} onPress={() => void library.verify(model.id)} />
            <ModelButton label="Export" name={name} onPress={() => void library.exportFiles(model.id)} />
          </TermsGate>
        )}
        {!job && !model.isComplete && model.isFetchable && (
          <ModelButton
            className="button button-primary"
            label={model.storedBytes > 0 ? 'Fetch the rest' : 'Fetch'}
            name={name}
            onPress={() => void library.fetch(model.id)}
          />
        )}
        {!job && !model.isComplete && !model.isFetchable && !model.condition && (
          <p className="muted">
            {model.storedBytes > 0
              ? 'Add its files again below: what is here is not copied twice.'
              : 'Add its files again below, or delete this entry.'}
          </p>
        )}
        <DeleteButton model={model} />
      </div>
      {job && (
        <progress
          className="bar"
          aria-label={`${name}: progress`}
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

const unreadable = {
  damaged: 'What is stored about this model is damaged. Delete this entry and add the model again.',
  'later-version': 'Added by a later version of Bedside. Reload the page to get that version.',
};

interface ModelButtonProps {
  label: string;
  name: string;
  className?: string;
  disabled?: boolean;
  onPress: () => void;
}

/** The rows have the same buttons: heard without its row, each says which model it is about. */
function ModelButton({ label, name, className = 'text-button', disabled, onPress }: ModelButtonProps) {
  return (
    <button
      type="button"
      className={className}
      aria-label={`${label}: ${name}`}
      disabled={disabled}
      onClick={onPress}
    >
      {label}
    </button>
  );
}

/** Gigabytes are not deleted by a slip of the hand: of the two answers, the last one is the safe one. */
function DeleteButton({ model }: { model: Model }) {
  const { libraryController: library } = useApp();
  const [isAsking, setIsAsking] = useState(false);
  const { name } = model;
  if (!isAsking) {
    return (
      <span className="library-delete">
        <button
          type="button"
          className="text-button"
          aria-label={`Delete the stored copy of ${name}`}
          onClick={() => setIsAsking(true)}
        >
          Delete
        </button>
      </span>
    );
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape is heard on its way from the buttons
    <span
      className="library-delete"
      onKeyDown={handleKey(event => {
        if (event.key !== 'Escape') return;
        // It answers this question, and does not close the dialog around it.
        event.preventDefault();
        event.stopPropagation();
        setIsAsking(false);
      })}
    >
      <span>Delete {model.storedBytes > 0 ? formatBytes(model.storedBytes) : 'this entry'}?</span>
      <ModelButton
        key="delete"
        className="button button-danger"
        label="Delete for good"
        name={name}
        onPress={() => {
          setIsAsking(false);
          void library.remove(model.id);
        }}
      />
      <ModelButton key="keep" label="Keep" name={name} onPress={() => setIsAsking(false)} />
    </span>
  );
}
