import { formatSpeed } from '../format/quantities.ts';
import { ChevronIcon } from '../shell/icons.tsx';
import { useApp, useLife, useModel, useModelLibrary } from '../state/app-context.tsx';
import type { EngineLife } from '../state/engine-life.ts';
import type { LibraryJob } from '../state/model-library-store.ts';

const lifeInWords: Readonly<Record<EngineLife, string>> = {
  probing: 'looking for the GPU',
  idle: 'none loaded',
  downloading: 'being fetched',
  verifying: 'being checked',
  loading: 'loading',
  ready: 'ready',
  prefill: 'reading your question',
  decode: 'answering',
  stopping: 'stopping',
  recovering: 'being loaded again',
  resting: 'resting: loads again when you ask',
  elsewhere: 'running in another tab',
  failed: 'not loaded',
};

/** States that nothing else on the page shows. */
const quietly: Partial<Record<EngineLife, string>> = {
  resting: 'resting',
  elsewhere: 'in another tab',
};

/** Which model answers, in the header; opens the model panel. */
export function ModelBadge() {
  const { ui } = useApp();
  const phase = useModel(state => state.phase);
  const entry = useModel(state => state.entry);
  const speed = useModel(state => state.tokensPerSecond);
  const name = entry?.name ?? 'No model';
  const life = useLife();
  const share = useModelLibrary(({ jobs }) => shareDone(Object.values(jobs)));
  return (
    <button
      type="button"
      className="model-badge"
      data-phase={phase}
      data-life={life}
      aria-label={`Model: ${name}, ${lifeInWords[life]}. Choose a model`}
      onClick={() => ui.getState().openDialog({ kind: 'models' })}
    >
      <span className="model-light" aria-hidden="true" />
      <span className="model-name">{name}</span>
      {entry?.kind === 'demonstration' && <span className="tag">demonstration</span>}
      {quietly[life] && <span className="tag">{quietly[life]}</span>}
      {share !== null && <span className="tag figure">library {share} %</span>}
      {speed !== null && phase === 'ready' && <span className="model-speed">{formatSpeed(speed)}</span>}
      <ChevronIcon size={16} />
    </button>
  );
}

/** Of all that the library fetches, copies, converts or checks now, in percent; null of nothing. */
function shareDone(jobs: readonly LibraryJob[]): number | null {
  if (jobs.length === 0) return null;
  const sum = (of: 'done' | 'total') => jobs.reduce((bytes, job) => bytes + job[of], 0);
  return sum('total') > 0 ? Math.floor((100 * sum('done')) / sum('total')) : 0;
}
