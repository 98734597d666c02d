import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Message } from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { handleKey } from '../input/input-method.ts';
import { useApp } from '../state/app-context.tsx';
import { legend, preferenceNote, summaryInWords, wordInWords } from './likelihood-in-words.ts';
import { type ConfidenceState, confidenceOf, type ScoringProgress } from './requested-scores.ts';
import { leastCertain, type Segment, summaryOf } from './word-likelihoods.ts';

export const useConfidence = <T,>(select: (state: ConfidenceState) => T): T =>
  useStore(confidenceOf(useApp()).store, select);

/** The text of an answer: as it is, or with its uncertain words underlined where that was asked for. */
export function UnderlinedAnswer({ answer, children }: { answer: Message; children: ReactNode }) {
  const scores = useConfidence(({ words }) => words[answer.id]);
  const confidence = confidenceOf(useApp());
  if (scores?.phase === 'scored')
    return <ScoredText segments={scores.segments} isSurelySame={scores.isSurelySame} />;
  return (
    <>
      {children}
      {scores && (
        <div className="scoring">
          {scores.phase === 'scoring' ? (
            <>
              <Progress progress={scores.progress} />
              <button type="button" className="text-button" onClick={() => confidence.stop()}>
                Stop
              </button>
            </>
          ) : (
            <p role="alert" data-code={scores.error.code}>
              {scores.error.message} {scores.error.advice}
            </p>
          )}
        </div>
      )}
    </>
  );
}

const stepWords: Readonly<Record<ScoringProgress['step'], string>> = {
  waiting: 'Getting ready',
  images: 'Reading the image',
  prompt: 'Reading the question again',
  answer: 'Reading the answer again',
};

export function Progress({ progress: { step, done, total } }: { progress: ScoringProgress }) {
  const isCounted = total > 1 && (step === 'prompt' || step === 'answer');
  return (
    <>
      <p role="status">{stepWords[step]}…</p>
      {isCounted && (
        <p className="muted">
          {formatCount(done)} of {formatCount(total)} tokens
        </p>
      )}
      <progress
        className="bar"
        aria-label={stepWords[step]}
        max={1}
        {...(total > 0 ? { value: done / total } : {})}
      />
    </>
  );
}

/** Least certain words that are listed. */
const mostListed = 10;

function ScoredText({ segments, isSurelySame }: { segments: readonly Segment[]; isSurelySame: boolean }) {
  const [current, setCurrent] = useState<number | null>(null);
  const textRef = useRef<HTMLDivElement>(null);
  const id = useId();
  const first = segments.findIndex(({ likelihood }) => likelihood);
  const told = current === null ? undefined : segments[current]?.likelihood;
  const least = leastCertain(segments, mostListed);

  // One stop of the Tab key; arrows go from word to word, as in a text.
  const move = handleKey((event: KeyboardEvent<HTMLDivElement>) => {
    const buttons = [...(textRef.current?.querySelectorAll<HTMLButtonElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight';
    const to = { [forward]: at + 1, [back]: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    const next = to === undefined ? undefined : buttons[to];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  });

  return (
    <section className="scored-text" aria-label="The answer, with its uncertain words underlined">
      <p className="scored-summary">{summaryInWords(summaryOf(segments))}</p>
      <ul className="scored-legend">
        {legend.map(({ band, words }) => (
          <li key={band}>
            <span className="scored-word" data-band={band}>
              {words}
            </span>
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows between its buttons */}
      <div className="scored-words" dir="auto" ref={textRef} onKeyDown={move}>
        {segments.map(({ text, likelihood }, at) =>
          likelihood ? (
            <button
              // biome-ignore lint/suspicious/noArrayIndexKey: the text stays as it is
              key={at}
              type="button"
              className="scored-word"
              data-band={likelihood.band}
              tabIndex={at === (current ?? first) ? 0 : -1}
              aria-describedby={at === current ? id : undefined}
              onFocus={() => setCurrent(at)}
              onClick={event => event.currentTarget.focus()}
            >
              {text}
            </button>
          ) : (
            text
          ),
        )}
      </div>
      <p className="scored-told" id={id} role="status" dir="auto">
        {told ? wordInWords(told) : 'Choose a word to see what the model made of it.'}
      </p>
      {least.length > 0 && (
        <details>
          <summary>
            {least.length === 1 ? 'The least certain word' : `The ${least.length} least certain words`}
          </summary>
          <ol className="scored-list">
            {least.map(({ likelihood, before, behind }, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: in their order
              <li key={at} dir="auto">
                <span className="muted">{before}</span>
                <strong>{likelihood.word}</strong>
                <span className="muted">{behind}</span>
                <br />
                {wordInWords(likelihood)}
              </li>
            ))}
          </ol>
        </details>
      )}
      <p className="muted">
        {preferenceNote}
        {!isSurelySame && ' The files are not known to be those that wrote it.'}
      </p>
    </section>
  );
}
