import { useState } from 'react';
import { SendIcon, StopIcon } from '../shell/icons.tsx';
import { useApp, useChat, useModel } from '../state/app-context.tsx';
import { useAutoGrow } from './use-auto-grow.ts';

export function Composer() {
  const { chatController } = useApp();
  const [draft, setDraft] = useState('');
  const ref = useAutoGrow(draft);
  const isRunning = useChat(state => state.run !== null);
  const isStopping = useChat(state => state.run?.phase === 'stopping');
  const elsewhere = useChat(({ run, tree }) =>
    run && run.conversation.id !== tree.conversation.id ? run.conversation.title : null,
  );
  const isLoading = useModel(state => state.phase === 'loading');

  const send = () => {
    if (!draft.trim() || isRunning) return;
    setDraft('');
    ref.current?.focus();
    void chatController.send(draft);
  };

  return (
    <form
      className="composer"
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      {elsewhere !== null && <p className="composer-note">An answer is being written in “{elsewhere}”.</p>}
      <div className="composer-field">
        <textarea
          id="question"
          ref={ref}
          aria-label="Your question"
          placeholder={isLoading ? 'Ask while the model loads' : 'Ask a medical question'}
          value={draft}
          rows={1}
          dir="auto"
          onChange={event => setDraft(event.target.value)}
          onKeyDown={event => {
            // While an input method composes, Enter chooses a candidate.
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              send();
            }
          }}
        />
        {isRunning ? (
          <button
            key="stop"
            type="button"
            className="send send-stop"
            aria-label="Stop"
            title="Stop (Escape)"
            disabled={isStopping}
            onClick={event => {
              // The second click of a double click on "Send".
              if (event.detail > 1) return;
              chatController.stop();
              ref.current?.focus();
            }}
          >
            <StopIcon />
          </button>
        ) : (
          <button
            key="send"
            type="submit"
            className="send"
            aria-label="Send"
            title="Send (Enter)"
            disabled={!draft.trim()}
          >
            <SendIcon />
          </button>
        )}
      </div>
    </form>
  );
}
