import type { Message } from '../../client/index.ts';
import { EditIcon, InfoIcon, RateIcon } from '../controls/icons.tsx';
import { authorInFull } from '../format/author.ts';
import { computedOnInWords } from '../format/computed-on.ts';
import { editInWords, ratingInWords } from '../format/edit-in-words.ts';
import { formatCount, formatDuration, formatSpeed, plural } from '../format/quantities.ts';
import { stopReasonInWords } from '../format/stop-reason.ts';
import { useSourcesAbove } from '../sources/use-sources-above.ts';

/** Where an answer comes from, how it ended, and what it cost. */
export function AnswerFooter({ answer }: { answer: Message }) {
  const {
    edit,
    rating,
    text,
    usage,
    stopReason,
    droppedMessages = 0,
    readAlone,
    withoutImages,
    contextTokens,
  } = answer;
  const hasSources = useSourcesAbove(answer).length > 0;
  if (!text) return null;
  const ending = stopReason ? stopReasonInWords(stopReason, contextTokens ?? 0) : null;
  const figures = usage
    ? [
        usage.timeToFirstTokenMs > 0 && `first token after ${formatDuration(usage.timeToFirstTokenMs)}`,
        usage.tokensPerSecond > 0 && formatSpeed(usage.tokensPerSecond),
        plural(usage.generatedTokens, 'token'),
      ].filter(part => part !== false)
    : [];
  return (
    <footer className="answer-footer">
      {droppedMessages > 0 && (
        <p className="answer-note">
          <InfoIcon size={16} />
          {plural(droppedMessages, 'earlier message')} did not fit and{' '}
          {droppedMessages === 1 ? 'was' : 'were'} not read by the model.
        </p>
      )}
      {readAlone && (
        <p className="answer-note">
          <InfoIcon size={16} />
          It was asked this question alone: it has not seen the messages above.
        </p>
      )}
      {withoutImages && (
        <p className="answer-note">
          <InfoIcon size={16} />
          This model reads text alone: it has not seen the images above.
        </p>
      )}
      {edit && (
        <p className="answer-note" data-edited>
          <EditIcon size={16} />
          {editInWords(answer, 'you')}
        </p>
      )}
      {rating && (
        <p className="answer-note" data-verdict={rating.verdict} dir="auto">
          <RateIcon size={16} />
          {ratingInWords(rating, 'you')}
        </p>
      )}
      <p className="provenance">
        {hasSources
          ? 'Generated beside your text, and not only from it. Check before use.'
          : 'Generated from the model’s memory; no source. Check before use.'}
      </p>
      <p className="figures">
        {[authorInFull(answer), ...figures, computedOnInWords(answer), ending]
          .filter(Boolean)
          .map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed sequence
            <span key={index}>{part}</span>
          ))}
        {usage && usage.cachedTokens > 0 && (
          <span title="Tokens of this conversation that were still in the model’s memory">
            {formatCount(usage.cachedTokens)} reused
          </span>
        )}
      </p>
    </footer>
  );
}
