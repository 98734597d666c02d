import { formatCount } from '../format/quantities.ts';
import { visionInWords, visionShare } from '../format/vision.ts';
import { StreamingMarkdown } from '../markdown/markdown.tsx';
import { useChat, useModel } from '../state/app-context.tsx';
import type { Run } from '../state/conversation/chat-store.ts';
import { isComing } from '../state/model/model-store.ts';

/** The answer as it is written, without its thought. */
export function StreamingAnswer({ text }: { text: string }) {
  const isPaused = useChat(({ run }) => run !== null && (run.interruption !== null || isContinued(run)));
  return (
    <div className="streaming">
      {text && <StreamingMarkdown text={text} />}
      {(!text || isPaused) && <Waiting />}
    </div>
  );
}

/** There is text already, and none of it is new yet: the model is being waited for, or reads. */
function isContinued({ phase }: Run): boolean {
  return phase === 'waiting' || phase === 'reading';
}

function Waiting() {
  const phase = useChat(state => state.run?.phase);
  const vision = useChat(state => state.run?.vision ?? null);
  const prefill = useChat(state => state.run?.prefill ?? null);
  const interruption = useChat(state => state.run?.interruption ?? null);
  const isElsewhere = useModel(state => state.phase === 'elsewhere');
  const isLoading = useModel(state => isComing(state.phase));
  const words =
    phase === 'stopping'
      ? 'Stopping'
      : phase === 'waiting'
        ? interruption
          ? `${interruption.message} The model is being loaded again; then the answer goes on`
          : isElsewhere
            ? 'The model is running in another tab'
            : isLoading
              ? 'Your question will be answered as soon as the model is loaded'
              : 'Waiting for a model'
        : vision
          ? visionInWords(vision)
          : phase === 'answering'
            ? 'Thinking before it answers'
            : 'Reading your question';
  const prefillShare = prefill && prefill.total > 0 ? prefill.done / prefill.total : null;
  const share = vision ? visionShare(vision) : prefillShare;
  return (
    <div className="waiting">
      <p>
        <span className="dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {words}
        {prefill && phase === 'reading' && prefill.total > 1 && (
          <span className="muted">
            {' '}
            {formatCount(prefill.done)} of {formatCount(prefill.total)} tokens
          </span>
        )}
      </p>
      {share !== null && phase === 'reading' && (
        <progress className="bar" aria-label={words} value={share} max={1} />
      )}
    </div>
  );
}
