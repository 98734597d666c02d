import type { ModelTuning, TunedClass } from '../../client/index.ts';
import { plural } from '../format/quantities.ts';
import { useApp, useModel, useSettings } from '../state/app-context.tsx';
import { isComing } from '../state/model/model-store.ts';
import { formsInWords, gainInWords, microseconds } from './form-words.ts';

/** Which forms of the kernels were found fastest here, and what they gain. */
export function KernelForms() {
  const { chatController, modelController } = useApp();
  const phase = useModel(state => state.phase);
  const progress = useModel(state => state.progress);
  const tuning = useModel(state => state.info?.tuning);
  const hasModel = useModel(state => state.info !== null);
  const isStandard = useSettings(state => state.settings.kernelForms === 'defaults');
  const isLoading = isComing(phase);
  const isTuning = isLoading && progress?.phase === 'tuning';
  const hasChoice = tuning !== undefined && tuning.state !== 'nothing-to-choose';
  const load = (run: () => Promise<void>) => {
    chatController.stop();
    void run();
  };
  return (
    <>
      <p className="muted">
        A GPU can be asked to do the same arithmetic in several ways, and which is fastest differs from one to
        the next. When a model is first loaded here they are compared, in a few seconds; each must first have
        computed the same as the standard one. Answers do not become better or worse by it, only faster.
      </p>
      <p role="status" data-tuning={isTuning ? 'running' : (tuning?.state ?? 'unknown')}>
        {isTuning
          ? `Comparing now: ${progress.done} of ${progress.total}.`
          : isLoading
            ? 'The model is being loaded.'
            : formsInWords(tuning, hasModel)}
      </p>
      {!isLoading && tuning && tuning.classes.length > 0 && <FormsTable tuning={tuning} />}
      <div className="test-control">
        {isTuning && (
          <button type="button" className="button" onClick={() => void modelController.skipTuning()}>
            Skip the rest
          </button>
        )}
        {hasChoice && !isLoading && (
          <button type="button" className="button" onClick={() => load(() => modelController.tuneAgain())}>
            {isStandard ? 'Use the fastest forms' : 'Tune again'}
          </button>
        )}
        {hasChoice && !isLoading && !isStandard && (
          <button
            type="button"
            className="button"
            onClick={() => load(() => modelController.chooseForms('defaults'))}
          >
            Use defaults
          </button>
        )}
      </div>
    </>
  );
}

function FormsTable({ tuning: { classes, bad } }: { tuning: ModelTuning }) {
  return (
    <details className="kernel-group">
      <summary>
        {plural(classes.length, 'step')} compared
        {bad.length > 0 && `, ${plural(bad.length, 'form')} refused`}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, with the keyboard too */}
      <section className="table-scroll" aria-label="Forms of the arithmetic" tabIndex={0}>
        <table className="kernel-table">
          <caption className="visually-hidden">Forms of the arithmetic</caption>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Form in use</th>
              <th scope="col">Time</th>
              <th scope="col">Standard form</th>
              <th scope="col">Gain</th>
            </tr>
          </thead>
          <tbody>
            {classes.map(each => (
              <FormRow key={`${each.kind} ${each.size}`} tuned={each} />
            ))}
            {bad.map(({ kind, name, why }) => (
              <tr key={`${kind} ${name}`} data-bad={why}>
                <th scope="row">{kind}</th>
                <td colSpan={4}>
                  {name} is not used: {badInWords[why]}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

const badInWords: Readonly<Record<ModelTuning['bad'][number]['why'], string>> = {
  'not-compiled': 'the driver refused it',
  'slow-to-compile': 'the driver takes too long to prepare it',
  wrong: 'it computes wrongly here',
  unsteady: 'it computes differently from one time to the next',
  'lost-device': 'the GPU was lost with it',
};

function FormRow({ tuned }: { tuned: TunedClass }) {
  const { kind, size, chosen, why, chosenUs, defaultUs } = tuned;
  const isTimed = why === 'timed' || why === 'at-limit';
  return (
    <tr data-gained={tuned.chosen !== tuned.default}>
      <th scope="row">
        {kind}
        {size && <small>{size}</small>}
      </th>
      <td>{chosen === tuned.default ? `${chosen} (standard)` : chosen}</td>
      <td>{isTimed ? microseconds(chosenUs) : ''}</td>
      <td>{isTimed ? microseconds(defaultUs) : ''}</td>
      <td>{gainInWords(tuned)}</td>
    </tr>
  );
}
