import { useState } from 'react';
import type { ErrorData, PromptText as Prompt } from '../../../client/index.ts';
import { useApp } from '../../state/app-context.tsx';
import { PromptText } from './prompt-text.tsx';

type Shown = 'closed' | 'making' | { prompt: Prompt } | { error: ErrorData };

/** The prompt of the conversation that is shown, with what is being written as its last question. */
export function ExactPrompt() {
  const { promptViewer } = useApp();
  const [shown, setShown] = useState<Shown>('closed');
  const show = async () => {
    setShown('making');
    setShown(await promptViewer.show());
  };
  return (
    <section className="settings-section" aria-labelledby="exact-prompt">
      <h3 id="exact-prompt">The exact prompt</h3>
      <p className="muted">
        What the model reads, to the letter: the conversation that is shown, with what stands in the question
        field as its next question.
      </p>
      <button type="button" className="button" onClick={() => void show()}>
        {shown === 'closed' ? 'Show the exact prompt' : 'Show it as it is now'}
      </button>
      <div role="status" className="prompt-state">
        {shown === 'making' && <p className="muted">Writing it…</p>}
      </div>
      {typeof shown === 'object' && 'prompt' in shown && <PromptText prompt={shown.prompt} />}
      {typeof shown === 'object' && 'error' in shown && (
        <p className="field-error" role="alert" data-code={shown.error.code}>
          {shown.error.message} {shown.error.advice}
        </p>
      )}
    </section>
  );
}
