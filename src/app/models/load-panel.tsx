import { ErrorAlert } from '../errors/error-alert.tsx';
import { amountInWords, isCounted, phaseInWords } from '../format/load-phase.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { isComing, reportIn } from '../state/model/model-store.ts';
import { ElsewherePanel } from './elsewhere-panel.tsx';
import { SmallerChoices } from './smaller-choices.tsx';

/** Loading and its failures, above the composer: where the reader waits. */
export function LoadPanel() {
  const { modelController } = useApp();
  const phase = useModel(state => state.phase);
  const entry = useModel(state => state.entry);
  const fileName = useModel(state => state.fileName);
  const error = useModel(state => state.error);
  const isGpuChosen = useSettings(state => state.settings.device === 'gpu');
  if (error) {
    return (
      <>
        <ErrorAlert error={error} onDismiss={() => modelController.dismissError()} />
        <SmallerChoices />
        {error.code === 'no-webgpu' && isGpuChosen && (
          <button type="button" className="button" onClick={() => void modelController.letProcessorAnswer()}>
            Let the processor answer
          </button>
        )}
      </>
    );
  }
  if (phase === 'elsewhere') return <ElsewherePanel />;
  if (phase === 'resting') {
    return <p className="rest-note muted">The model is resting: it loads again when you ask.</p>;
  }
  if (!isComing(phase)) return <SmallerChoices />;
  return (
    <section className="load-panel" aria-label="Loading the model">
      <div className="load-words">
        <p className="load-title">
          {phase === 'recovering' ? 'Loading again:' : 'Loading'} {fileName ?? entry?.name}
        </p>
        <LoadWords />
      </div>
      <button type="button" className="text-button" onClick={() => modelController.cancel()}>
        Cancel
      </button>
      <LoadBar />
    </section>
  );
}

function LoadWords() {
  const progress = useModel(state => state.progress);
  const report = useModel(reportIn);
  const amount = amountInWords(progress);
  return (
    <p className="muted">
      {phaseInWords(progress, report)}
      {amount && <span className="figure"> · {amount}</span>}
    </p>
  );
}

/** Indeterminate where there is nothing to count. */
function LoadBar() {
  const progress = useModel(state => state.progress);
  if (!isCounted(progress)) return <progress className="bar" aria-label="Loading the model" />;
  return (
    <progress className="bar" aria-label="Loading the model" value={progress.done} max={progress.total} />
  );
}
