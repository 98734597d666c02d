import { useApp, useChat } from '../state/app-context.tsx';

/** One tab at a time computes: reading goes on here, answering where the model is. */
export function ElsewherePanel() {
  const { modelSuspension } = useApp();
  const isWaiting = useChat(state => state.run !== null);
  return (
    <section className="load-panel" aria-label="The model">
      <div className="load-words">
        <p className="load-title">The model is running in another tab</p>
        <p className="muted">
          {isWaiting
            ? 'Your question waits until that tab is closed, or until you use the model here.'
            : 'Your conversations can be read here. An answer being written there would end, and can be continued later.'}
        </p>
      </div>
      <button
        type="button"
        className="button button-primary"
        onClick={() => void modelSuspension.bringHere()}
      >
        Use it here
      </button>
    </section>
  );
}
