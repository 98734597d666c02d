import type { ErrorData, Message } from '../../client/index.ts';

/** What is stored with an answer beyond the fields that every message has. */
export interface AnswerDetails {
  contextTokens?: number;
  /** Positions used after the answer. */
  usedTokens?: number;
  /** The model read the question without the turns before it. */
  readAlone?: boolean;
}

export type Answer = Message & AnswerDetails;

export type AnswerStatus = 'writing' | 'complete' | 'stopped' | 'failed' | 'unfinished';

/** An answer that neither ended nor failed was cut off: the tab was closed, or the browser crashed. */
export function statusOf(answer: Message, isWriting: boolean): AnswerStatus {
  if (isWriting) return 'writing';
  if (answer.error) return 'failed';
  if (answer.stopReason === 'aborted') return 'stopped';
  return answer.stopReason ? 'complete' : 'unfinished';
}

/** What a failed answer offers besides the error's own action. */
export function isInterruption(error: ErrorData): boolean {
  return error.code === 'device-lost' || error.code === 'worker-died';
}
