import { useEffect, useState } from 'react';
import { type CatalogueEntry, type ErrorData, type ModelPlan, toErrorData } from '../../client/index.ts';
import { memoryWords } from '../format/device-in-words.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { reportIn } from '../state/model/model-store.ts';
import { MemoryTable } from './describing/memory-table.tsx';

/** What a model of the site would take of the device's memory, before it is loaded: read from the beginning of its files when it is opened. */
export function MemoryPreview({ entry }: { entry: CatalogueEntry }) {
  const [isOpen, setIsOpen] = useState(false);
  const report = useModel(reportIn);
  return (
    <details onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary>{memoryWords(report)}</summary>
      {isOpen && <OpenPlan entry={entry} />}
    </details>
  );
}

type PlanState = { plan: ModelPlan } | { error: ErrorData } | 'reading';

function OpenPlan({ entry }: { entry: CatalogueEntry }) {
  const state = usePlan(entry);
  return (
    <div className="memory-plan">
      {state === 'reading' && <p className="muted">Reading the model’s description…</p>}
      {typeof state === 'object' && 'plan' in state && <MemoryTable name={entry.name} plan={state.plan} />}
      {typeof state === 'object' && 'error' in state && (
        <p className="field-error" role="alert">
          {state.error.message} {state.error.advice}
        </p>
      )}
      <p className="muted">The length of a conversation and its precision are chosen in the settings.</p>
    </div>
  );
}

/** The plan of `entry`, made again when the settings that it depends on change. */
function usePlan(entry: CatalogueEntry): PlanState {
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
    modelController.plan(entry, null).then(
      plan => plan && show({ plan }),
      error => show({ error: toErrorData(error) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [modelController, entry, precision, contextTokens]);
  return state;
}
