import { useMemo } from 'react';
import { ChevronIcon } from '../controls/icons.tsx';
import { formatSpeed } from '../format/quantities.ts';
import { useApp, useLibrary, useLife, useModel } from '../state/app-context.tsx';
import { listLibraryModels } from '../state/library/library-store.ts';
import type { EngineLife } from '../state/life/engine-life.ts';
import { jobsInWords, troubleInWords } from './library-news.ts';

const lifeInWords: Readonly<Record<EngineLife, string>> = {
  probing: 'looking for what can compute',
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
  const work = useLibrary(({ jobs }) => jobsInWords(Object.values(jobs)));
  const trouble = useTrouble();
  const isDemonstration = entry?.kind === 'demonstration';
  const quiet = quietly[life];
  const model = [name, lifeInWords[life], isDemonstration && 'demonstration'].filter(Boolean).join(', ');
  const news = [work, trouble].filter(words => words !== null).map(capitalized);
  const label = [`Model: ${model}`, ...news, 'Choose a model'].join('. ');
  return (
    <button
      type="button"
      className="model-badge"
      data-phase={phase}
      data-life={life}
      aria-label={label}
      onClick={() => ui.getState().openDialog({ kind: 'models' })}
    >
      <span className="model-light" aria-hidden="true" />
      <span className="model-name">{name}</span>
      {(isDemonstration || quiet || news.length > 0) && (
        <span className="model-tags">
          {isDemonstration && <span className="tag">demonstration</span>}
          {quiet && <span className="tag">{quiet}</span>}
          {work && <span className="tag figure">{work}</span>}
          {trouble && <span className="tag tag-danger">{trouble}</span>}
        </span>
      )}
      {speed !== null && phase === 'ready' && <span className="model-speed">{formatSpeed(speed)}</span>}
      <ChevronIcon size={16} />
    </button>
  );
}

const capitalized = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

/** Stays until the reader has looked after it: a dialog that is closed must not hide that something failed. */
function useTrouble(): string | null {
  const catalogue = useModel(state => state.catalogue);
  const records = useLibrary(state => state.records);
  const files = useLibrary(state => state.files);
  const errors = useLibrary(state => state.errors);
  return useMemo(
    () => troubleInWords(listLibraryModels(catalogue, { records, files }), errors),
    [catalogue, records, files, errors],
  );
}
