import { LockIcon } from '../controls/icons.tsx';
import { SampleImages } from '../images/sample-images.tsx';
import { useApp, useModel } from '../state/app-context.tsx';
import { useAnsweringEntry } from '../state/use-next-answerer.ts';

export function EmptyState() {
  const { chatController } = useApp();
  const entry = useModel(state => state.entry);
  const answering = useAnsweringEntry();
  const isFile = useModel(state => state.fileName !== null);
  const info = useModel(state => state.info);
  const device = useModel(state => state.device.status);
  // Those of a model that sees are about an image: they come with one.
  const questions = answering?.vision ? [] : (answering?.suggestedQuestions ?? []);
  if (device === 'failed') return <NoAnswersHere />;
  return (
    <section className="empty" aria-labelledby="empty-title">
      <h2 id="empty-title">Ask a medical question.{device === 'ready' && ' The answer is computed here.'}</h2>
      <p className="empty-lead">
        Bedside runs a language model inside this browser, on this device alone. No question, no image and no
        answer leaves it.
      </p>
      {questions.length > 0 && (
        <ul className="suggestions" aria-label="Example questions">
          {questions.slice(0, 4).map(question => (
            <li key={question}>
              <button type="button" onClick={() => void chatController.askExample(question)}>
                {question}
              </button>
            </li>
          ))}
        </ul>
      )}
      <SampleImages />
      {entry && info && (
        <p className="empty-model">
          <LockIcon size={16} />
          <span>
            <strong>{entry.name}</strong> is loaded{isFile ? ' from your file' : ''}.{' '}
            {entry.kind === 'demonstration' &&
              'It is small and shows how Bedside works; its answers are often wrong. '}
            {!entry.includeHistory && 'It reads each question alone.'}
          </span>
        </p>
      )}
    </section>
  );
}

/** Where no model can run nothing is promised and nothing is offered that needs one. */
function NoAnswersHere() {
  return (
    <section className="empty" aria-labelledby="empty-title">
      <h2 id="empty-title">Questions cannot be answered in this browser.</h2>
      <p className="empty-lead">
        Bedside computes answers on this device or not at all: it asks no server in their place. No question,
        no image and no conversation leaves this browser.
      </p>
    </section>
  );
}
