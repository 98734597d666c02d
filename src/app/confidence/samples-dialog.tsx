import { useEffect, useId, useMemo, useRef, useState } from 'react';
import {
  answerOf,
  type ErrorData,
  findMessage,
  type Message,
  type SamplingSettings,
  toErrorData,
} from '../../client/index.ts';
import { CopyTextButton } from '../controls/copy-text-button.tsx';
import { Modal } from '../controls/modal.tsx';
import { SegmentedChoice } from '../controls/segmented-choice.tsx';
import { samplingInWords } from '../format/sampling-in-words.ts';
import { useApp, useChat } from '../state/app-context.tsx';
import { optionsFor } from './compare-options.ts';
import { markDifferences, type SamplePiece, votesInWords, votesOf } from './compare-samples.ts';
import type { ScoringProgress } from './requested-scores.ts';
import { askSeveralTimes, drawnSampling, fewestSamples, mostSamples, newSeeds } from './sampler.ts';
import { Progress } from './underlined-answer.tsx';

interface Column {
  seed: number;
  text: string;
}

type State =
  | { phase: 'choosing'; error?: ErrorData }
  | { phase: 'asking'; progress: ScoringProgress; columns: readonly Column[] }
  | { phase: 'answered'; versions: readonly Message[] };

const counts = Array.from({ length: mostSamples - fewestSamples + 1 }, (_, at) => String(fewestSamples + at));

/** The question of an answer, asked several times at once: side by side, and kept as versions of that answer. */
export function SamplesDialog({ answerId, onClose }: { answerId: string; onClose: () => void }) {
  const app = useApp();
  const answer = useChat(({ tree }) => findMessage(tree, answerId));
  const [count, setCount] = useState('3');
  const [state, setState] = useState<State>({ phase: 'choosing' });
  const stop = useRef<AbortController>(null);
  // What is written by then is kept.
  useEffect(() => () => stop.current?.abort(), []);
  if (!answer) return null;

  async function ask(asked: Message): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    const seeds = newSeeds(Number(count));
    let columns = seeds.map((seed): Column => ({ seed, text: '' }));
    let progress: ScoringProgress = { step: 'waiting', done: 0, total: 0 };
    const show = () => setState({ phase: 'asking', progress, columns });
    show();
    try {
      const versions = await askSeveralTimes(app, asked, seeds, {
        signal: controller.signal,
        onProgress: next => {
          progress = next;
          show();
        },
        onText: (sample, text) => {
          columns = columns.map((each, at) => (at === sample ? { ...each, text: each.text + text } : each));
          show();
        },
      });
      setState(versions.length > 0 ? { phase: 'answered', versions } : { phase: 'choosing' });
    } catch (thrown) {
      const { aborted } = controller.signal;
      setState({ phase: 'choosing', ...(aborted ? {} : { error: toErrorData(thrown) }) });
    }
  }

  const isAsking = state.phase === 'asking';
  return (
    <Modal
      title="Ask several times"
      className="modal-samples"
      onClose={onClose}
      footer={
        state.phase === 'answered' ? (
          <CopyTextButton label="Copy all" text={() => allAsText(state.versions)} />
        ) : (
          // One button whatever it does, or the focus would go with it.
          <button
            type="button"
            className="button button-primary"
            onClick={() => (isAsking ? stop.current?.abort() : void ask(answer))}
          >
            {isAsking ? 'Stop' : `Ask ${count} times`}
          </button>
        )
      }
    >
      {state.phase === 'choosing' && (
        <>
          <SegmentedChoice
            legend="How many answers"
            name="samples"
            options={counts.map(value => ({ value, label: value }))}
            value={count}
            onChange={setCount}
          />
          <Draw answer={answer} />
          {state.error && (
            <p role="alert" data-code={state.error.code}>
              {state.error.message} {state.error.advice}
            </p>
          )}
        </>
      )}
      {isAsking && (
        <>
          {state.columns.every(({ text }) => text === '') && <Progress progress={state.progress} />}
          <ol className="samples">
            {state.columns.map(({ seed, text }, at) => (
              <Sample key={seed} number={at + 1} seed={seed} pieces={[{ text: answerOf(text) }]} isWriting />
            ))}
          </ol>
        </>
      )}
      {state.phase === 'answered' && <Compared answer={answer} versions={state.versions} onClose={onClose} />}
    </Modal>
  );
}

/** How their words are drawn, as soon as it is read how those of the answer were. */
function Draw({ answer }: { answer: Message }) {
  const { reproducer } = useApp();
  const [sampling, setSampling] = useState<SamplingSettings | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer that has ended stays as it is
  useEffect(() => {
    let isWanted = true;
    // Where there is none, asking says so.
    reproducer.load(answer).then(
      record => isWanted && setSampling(record?.request.sampling ?? null),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [reproducer, answer.id]);
  if (!sampling) return null;
  const drawn = samplingInWords(drawnSampling(sampling));
  return (
    <p className="muted">
      {sampling.temperature === 0
        ? `The answer took the most likely word every time: several answers would all be that one. So words are drawn here: ${drawn}.`
        : `Words are drawn as for the answer that is there: ${drawn}. Each answer has a seed of its own.`}
    </p>
  );
}

interface ComparedProps {
  answer: Message;
  versions: readonly Message[];
  onClose: () => void;
}

function Compared({ answer, versions, onClose }: ComparedProps) {
  const { chatController, chat } = useApp();
  const messages = useChat(({ tree }) => tree.messages);
  const options = useMemo(() => optionsFor(answer, messages), [answer, messages]);
  const texts = versions.map(({ text }) => text);
  const pieces = markDifferences(texts);
  const isMarked = pieces.some(list => list.some(({ only }) => only));
  const show = (id: string) => {
    onClose();
    void chatController.openAt(chat.getState().tree.conversation.id, id);
  };
  return (
    <>
      <div role="status">
        {options && <p className="option-verdict">{votesInWords(votesOf(texts, options))}</p>}
        <p>
          {isMarked
            ? 'Marked is what no other of these answers says: by words and figures alone, not by what they mean.'
            : 'No sentence and no figure stands in one of these answers alone.'}
        </p>
      </div>
      <ol className="samples">
        {versions.map(({ id, text, sample }, at) => (
          <Sample
            key={id}
            number={at + 1}
            seed={sample?.seed ?? 0}
            pieces={pieces[at] ?? [{ text }]}
            onShow={() => show(id)}
          />
        ))}
      </ol>
      <p className="muted">
        Answers that agree are not right for that: a model can be wrong the same way every time. All are kept
        as versions of the answer.
      </p>
    </>
  );
}

interface SampleProps {
  number: number;
  seed: number;
  pieces: readonly SamplePiece[];
  isWriting?: boolean;
  onShow?: () => void;
}

function Sample({ number, seed, pieces, isWriting = false, onShow }: SampleProps) {
  const id = useId();
  return (
    <li className="sample" aria-labelledby={id} aria-busy={isWriting}>
      <h3 id={id}>
        Answer {number} <span className="muted">seed {seed}</span>
      </h3>
      <p className="sample-text" dir="auto">
        {pieces.map(({ text, only }, at) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the text stays as it is
          only ? <mark key={at}>{text}</mark> : text,
        )}
      </p>
      {onShow && (
        <button type="button" className="text-button" onClick={onShow}>
          Show answer {number} in the conversation
        </button>
      )}
    </li>
  );
}

function allAsText(versions: readonly Message[]): string {
  return versions
    .map(({ text, sample }, at) => `Answer ${at + 1}, seed ${sample?.seed ?? 0}:\n${answerOf(text)}`)
    .join('\n\n');
}
