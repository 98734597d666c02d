import type { Message, StopReason } from '../../../client/index.ts';

export type AnswerStatus = 'writing' | 'complete' | 'stopped' | 'failed' | 'unfinished';

/** An answer that neither ended nor failed was cut off: the tab was closed, or the browser crashed. */
export function statusOf(answer: Message, isWriting: boolean): AnswerStatus {
  if (isWriting) return 'writing';
  if (answer.error) return 'failed';
  if (isAsEdited(answer)) return 'complete';
  if (answer.stopReason === 'aborted') return 'stopped';
  return answer.stopReason ? 'complete' : 'unfinished';
}

/** The reader has changed it, and no model has gone on from there. */
export function isAsEdited({ edit, text }: Message): boolean {
  return edit !== undefined && text.length <= edit.length;
}

/** Whether more could have come than what was written, so that the answer can be continued. */
export function canGoOn(reason: StopReason | undefined): boolean {
  return reason === undefined || reason === 'aborted' || reason === 'max-tokens' || reason === 'repetition';
}
