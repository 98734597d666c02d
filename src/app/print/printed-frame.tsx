import type { Conversation, Message } from '../../client/index.ts';
import { originInWords } from '../format/author.ts';
import { formatMoment } from '../format/moment.ts';
import { researchNotice } from '../format/research-notice.ts';
import { termsNoticeOf } from '../format/terms-notice.ts';

/** At the top of each printed page: which conversation this is, and of when. Not on the screen. */
export function PrintedHead({ conversation }: { conversation: Conversation }) {
  return (
    <div className="printed printed-head" aria-hidden="true">
      <p>
        <strong dir="auto">{conversation.title}</strong>
        <span>Bedside, conversation of {formatMoment(conversation.createdAt)}</span>
      </p>
    </div>
  );
}

/** At the foot of each printed page: a single sheet must not pass for a report. */
export function PrintedFoot() {
  return (
    <div className="printed printed-foot" aria-hidden="true">
      <p>{researchNotice} Answers come from a language model’s memory, without sources: check before use.</p>
    </div>
  );
}

/** Over each printed message: whose words these are, and of when. */
export function PrintedOrigin({ message }: { message: Message }) {
  const notice = termsNoticeOf(message);
  return (
    <p className="printed printed-origin" aria-hidden="true">
      {originInWords(message)}, {formatMoment(message.createdAt)}
      {notice && `. ${notice}`}
    </p>
  );
}
