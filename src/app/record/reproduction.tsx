import { useEffect, useRef, useState } from 'react';
import {
  type AnswerRecord,
  type ErrorData,
  type Message,
  toErrorData,
  unpackIds,
} from '../../client/index.ts';
import { formatCount } from '../format/quantities.ts';
import { useApp, useChat, useModel } from '../state/app-context.tsx';
import type { Comparison } from '../state/chat/compare-answers.ts';
import { isReadyFor, writerOnDevice } from '../state/chat/reproducer.ts';
import { comparisonInWords, differenceWords, meaningInWords, partingOf } from './comparison-in-words.ts';

type State =
  | { phase: 'idle' }
  | { phase: 'computing'; done: number }
  | { phase: 'stopped' }
  | { phase: 'compared'; comparison: Comparison }
  | { phase: 'failed'; error: ErrorData };

/** Computes the answer again and says what came of it. It ends with the dialog. */
export function Reproduction({ answer, record }: { answer: Message; record: AnswerRecord }) {
  const { reproducer } = useApp();
  const isReady = useModel(state => isReadyFor(answer, state));
  const isAnswering = useChat(({ run }) => run !== null);
  const [state, setState] = useState<State>({ phase: 'idle' });
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);

  async function reproduce(): Promise<void> {
    const controller = new AbortController();
    stop.current = controller;
    setState({ phase: 'computing', done: 0 });
    const onTokens = (done: number) => setState({ phase: 'computing', done });
    try {
      const comparison = await reproducer.reproduce(answer, record, { signal: controller.signal, onTokens });
      setState({ phase: 'compared', comparison });
    } catch (thrown) {
      setState(
        controller.signal.aborted ? { phase: 'stopped' } : { phase: 'failed', error: toErrorData(thrown) },
      );
    }
  }

  const total = unpackIds(record.answer.ids)?.length ?? 0;
  return (
    <section className="settings-section" aria-labelledby="reproduction">
      <h3 id="reproduction">Reproduce</h3>
      <p className="muted">
        The same prompt again, with the same settings and seed, on this device as it is now. The conversation
        stays as it is.
      </p>
      {isReady ? (
        <button
          type="button"
          className="button"
          disabled={isAnswering}
          onClick={() => (state.phase === 'computing' ? stop.current?.abort() : void reproduce())}
        >
          {state.phase === 'computing' ? 'Stop' : 'Reproduce this answer'}
        </button>
      ) : (
        <OtherModel answer={answer} record={record} />
      )}
      {state.phase === 'computing' && (
        <p className="muted">
          {state.done === 0
            ? 'Reading the prompt…'
            : `${formatCount(state.done)} of ${formatCount(total)} tokens…`}
        </p>
      )}
      <div role="status">
        {state.phase === 'stopped' && <p>Stopped: nothing was compared.</p>}
        {state.phase === 'failed' && (
          <p data-code={state.error.code}>
            {state.error.message} {state.error.advice}
          </p>
        )}
        {state.phase === 'compared' && <Compared comparison={state.comparison} />}
      </div>
    </section>
  );
}

/** Refuses in words, and offers to load the model that wrote it. */
function OtherModel({ answer, record }: { answer: Message; record: AnswerRecord }) {
  const { modelController } = useApp();
  const models = useModel(state => state);
  const isLoading = models.phase === 'loading';
  const loaded = models.phase === 'ready' ? models.entry?.name : undefined;
  const writer = writerOnDevice(answer, models);
  const { name } = record.model;
  return (
    <>
      <p>
        {loaded === undefined || isLoading
          ? 'No model is ready'
          : loaded === name
            ? `Other files of ${name} are loaded`
            : `${loaded} is loaded`}
        , and {name} wrote this answer: only it can reproduce it.
        {!writer && ' Its files are not known on this device: open them first.'}
      </p>
      {writer && (
        <button
          type="button"
          className="button"
          disabled={isLoading}
          onClick={() => void modelController.bring(writer)}
        >
          {isLoading ? 'Loading…' : `Load ${name}`}
        </button>
      )}
    </>
  );
}

function Compared({ comparison }: { comparison: Comparison }) {
  const { partsAt, promptPartsAt, differences } = comparison;
  const isIdentical = partsAt === null && promptPartsAt === null;
  const texts = partingOf(comparison);
  return (
    <>
      <p className="record-verdict" data-identical={isIdentical}>
        {comparisonInWords(comparison)}
      </p>
      {differences.length > 0 && (
        <>
          <p>
            {isIdentical ? 'Although since then something has changed:' : 'Since then something has changed:'}
          </p>
          <ul className="record-differences">
            {differences.map(difference => (
              <li key={difference}>{differenceWords[difference]}</li>
            ))}
          </ul>
        </>
      )}
      <p className="muted">{meaningInWords(comparison)}</p>
      {!isIdentical && (
        <>
          <h4>The answer</h4>
          <p className="record-text" dir="auto">
            {texts.shared}
            <mark>{texts.recorded}</mark>
          </p>
          <h4>Computed again</h4>
          <p className="record-text" dir="auto">
            {texts.shared}
            <mark>{texts.computed}</mark>
          </p>
        </>
      )}
    </>
  );
}
