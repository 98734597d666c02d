import { useEffect, useState } from 'react';
import { type CatalogueEntry, type ErrorData, type ModelPlan, toErrorData } from '../../client/index.ts';
import { useApp, useSettings } from '../state/app-context.tsx';
import type { ModelFiles } from '../state/model/model-choice.ts';
import { nameOf, type PickedFile } from '../state/model/picked-model.ts';
import { MemoryTable } from './memory-table.tsx';
import { OwnFilePicker } from './own-file-picker.tsx';

interface MemoryPreviewProps {
  entry: CatalogueEntry;
  dropped: ModelFiles | null;
  /** With the files that were checked, for a model that the site does not bring. */
  onChoose: (file?: PickedFile, visionFile?: PickedFile) => void;
}

/** What a model would take of the GPU, before it is loaded: read from the beginning of its files when it is opened. */
export function MemoryPreview({ entry, dropped, onChoose }: MemoryPreviewProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary>Memory on the GPU</summary>
      {isOpen && <OpenPlan entry={entry} dropped={dropped} onChoose={onChoose} />}
    </details>
  );
}

type PlanState = { plan: ModelPlan } | { error: ErrorData } | 'no files' | 'reading';

function OpenPlan({ entry, dropped, onChoose }: MemoryPreviewProps) {
  const [picked, setPicked] = useState<ModelFiles | null>(null);
  const isOwn = entry.kind === 'bring-your-own';
  const fits = dropped !== null && Boolean(dropped.visionFile) === Boolean(entry.expects?.vision);
  const files = picked ?? (isOwn && fits ? dropped : null);
  const state = usePlan(entry, files);
  return (
    <div className="memory-plan">
      {state === 'reading' && <p className="muted">Reading the model’s description…</p>}
      {state === 'no files' && (
        <p className="muted">Choose a file to see what it would take. Only its beginning is read.</p>
      )}
      {typeof state === 'object' && 'plan' in state && <MemoryTable name={entry.name} plan={state.plan} />}
      {typeof state === 'object' && 'error' in state && (
        <p className="field-error" role="alert">
          {state.error.message} {state.error.advice}
        </p>
      )}
      <p className="muted">The length of a conversation and its precision are chosen in the settings.</p>
      {isOwn && (
        <div className="memory-plan-actions">
          <OwnFilePicker
            entry={entry}
            dropped={null}
            purpose="check"
            onChoose={(file, visionFile) => setPicked({ file, ...(visionFile ? { visionFile } : {}) })}
          />
          {picked && (
            <button
              type="button"
              className="button button-primary"
              onClick={() => onChoose(picked.file, picked.visionFile)}
            >
              Open {nameOf(picked.file)}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

/** The plan of `entry`, made again when the settings that it depends on change. */
function usePlan(entry: CatalogueEntry, files: ModelFiles | null): PlanState {
  const { modelController } = useApp();
  const precision = useSettings(state => state.settings.precision);
  const contextTokens = useSettings(state => state.settings.contextTokens);
  const [state, setState] = useState<PlanState>('reading');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the controller plans with the settings as they are
  useEffect(() => {
    let isCurrent = true;
    const show = (next: PlanState) => {
      if (isCurrent) setState(next);
    };
    setState('reading');
    modelController.plan(entry, files).then(
      plan => show(plan ? { plan } : 'no files'),
      error => show({ error: toErrorData(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [modelController, entry, files, precision, contextTokens]);
  return state;
}
