import { useEffect, useMemo, useRef, useState } from 'react';
import { type ErrorData, type Message, toErrorData } from '../../client/index.ts';
import { CopyTextButton } from '../controls/copy-text-button.tsx';
import {
  comparisonAsText,
  comparisonInSentences,
  type OptionShare,
  optionNote,
  sharesOf,
} from '../format/option-comparison.ts';
import { formatShare } from '../format/share.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { compareOptions, optionsFor } from './compare-options.ts';
import type { ScoringProgress } from './requested-scores.ts';
import { Progress } from './underlined-answer.tsx';

type State =
  | { phase: 'idle' }
  | { phase: 'reading'; progress: ScoringProgress }
  | { phase: 'failed'; error: ErrorData };

/** Of an answer to a question with options: what the model makes of them, where that was asked for. */
export function OptionComparison({ answer }: { answer: Message }) {
  const app = useApp();
  const messages = useChat(({ tree }) => tree.messages);
  const isBusy = useChat(({ run }) => run !== null);
  const options = useMemo(() => optionsFor(answer, messages), [answer, messages]);
  const [state, setState] = useState<State>({ phase: 'idle' });
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  useEffect(() => {
    if (isBusy) stop.current?.abort();
  }, [isBusy]);
  const kept = answer.optionLikelihoods;
  // The model's own version beside an edited one has them.
  if (answer.edit || (!options && !kept)) return null;

  async function compare(order: 'written' | 'turned'): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    const note = (done: number, total: number) =>
      setState({ phase: 'reading', progress: { step: 'prompt', done, total } });
    note(0, 0);
    try {
      await compareOptions(app, answer, order, { signal: controller.signal, onPrefill: note });
      setState({ phase: 'idle' });
    } catch (thrown) {
      const { aborted } = controller.signal;
      setState(aborted ? { phase: 'idle' } : { phase: 'failed', error: toErrorData(thrown) });
    }
  }

  const isReading = state.phase === 'reading';
  const isTurned = kept?.every(({ turned }) => turned !== undefined);
  const next = !kept ? 'Compare the options' : isTurned ? null : 'Turn their order round';
  return (
    <section className="option-comparison" aria-label="The options, compared">
      {kept && <Bars shares={sharesOf(kept)} sentences={comparisonInSentences(kept)} />}
      {isReading && <Progress progress={state.progress} />}
      {state.phase === 'failed' && (
        <p role="alert" data-code={state.error.code}>
          {state.error.message} {state.error.advice}
        </p>
      )}
      <div className="option-actions">
        {(next || isReading) && options && (
          // One button whatever it does, or the focus would go with it.
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => (isReading ? stop.current?.abort() : void compare(kept ? 'turned' : 'written'))}
          >
            {isReading ? 'Stop' : next}
          </button>
        )}
        {kept && <CopyTextButton label="Copy the comparison" text={() => comparisonAsText(kept)} />}
      </div>
    </section>
  );
}

function Bars({ shares, sentences }: { shares: readonly OptionShare[]; sentences: readonly string[] }) {
  return (
    <>
      <p className="option-verdict" role="status">
        {sentences.join(' ')}
      </p>
      <ol className="option-bars">
        {shares.map(({ letter, text, share, turnedShare }) => (
          <li key={letter}>
            <span className="option-name" dir="auto">
              <strong>{letter}</strong> {text}
            </span>
            <Bar share={share} />
            {turnedShare !== undefined && <Bar share={turnedShare} isTurned />}
          </li>
        ))}
      </ol>
      <p className="muted">{optionNote}</p>
    </>
  );
}

function Bar({ share, isTurned = false }: { share: number; isTurned?: boolean }) {
  return (
    <span className="option-bar" data-turned={isTurned}>
      <span className="option-track" aria-hidden="true">
        <span style={{ inlineSize: `${100 * share}%` }} />
      </span>
      <span>
        {formatShare(share)}
        {isTurned && ' in the opposite order'}
      </span>
    </span>
  );
}
