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
import { isReadyFor } from '../state/chat/asked-again.ts';
import type { Comparison } from '../state/chat/compare-answers.ts';
import { writerOnDevice } from '../state/chat/reproducer.ts';
import type { ModelChoice } from '../state/model/model-choice.ts';
import type { ModelState } from '../state/model/model-store.ts';
import { comparisonInWords, differenceWords, meaningInWords, partingOf } from './comparison-in-words.ts';

type State =
  | { phase: 'idle' }
  | { phase: 'computing'; done: number }
  | { phase: 'stopped' }
  | { phase: 'compared'; comparison: Comparison }
  | { phase: 'failed'; error: ErrorData };

/** Computes the answer again and says what came of it. It ends with the dialog. */
export function Reproduction({ answer, record }: { answer: Message; record: AnswerRecord }) {
  const { reproducer, modelController } = useApp();
  const models = useModel(state => state);
  const isReady = isReadyFor(answer, models);
  const writer = writerOnDevice(answer, models);
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
  const isComputing = state.phase === 'computing';
  const isLoading = models.phase === 'loading';
  const loadName = `Load ${record.model.name}`;
  const act = () => {
    if (isComputing) stop.current?.abort();
    else if (isReady) void (isAnswering || reproduce());
    else if (writer && !isLoading) void modelController.bring(writer);
  };
  return (
    <section className="settings-section" aria-labelledby="reproduction">
      <h3 id="reproduction">Reproduce</h3>
      <p className="muted">
        The same prompt again, with the same settings and seed, on this device as it is now. The conversation
        stays as it is.
      </p>
      {!isReady && !isComputing && <OtherModel record={record} models={models} writer={writer} />}
      {(isReady || isComputing || writer) && (
        // One button whatever it does, or the focus would go with it.
        <button
          type="button"
          className="button"
          aria-disabled={(isReady && isAnswering) || (!isReady && isLoading)}
          onClick={act}
        >
          {isComputing ? 'Stop' : isReady ? 'Reproduce this answer' : isLoading ? 'Loading…' : loadName}
        </button>
      )}
      {isComputing && (
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

/** Refuses in words. */
function OtherModel({
  record,
  models,
  writer,
}: {
  record: AnswerRecord;
  models: ModelState;
  writer: ModelChoice | null;
}) {
  const { name } = record.model;
  const loaded = models.phase === 'ready' ? models.entry?.name : undefined;
  const isOther = loaded === name ? `Other files of ${name} are loaded` : `${loaded} is loaded`;
  return (
    <p>
      {loaded === undefined ? 'No model is ready' : isOther}, and {name} wrote this answer: only it can
      reproduce it.{!writer && ' Its files are not known on this device: open them first.'}
    </p>
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
