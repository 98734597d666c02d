import { type Message, termsOfAnswer } from '../../client/index.ts';

/** The sentence that the terms of a model want with what is given out of it; undefined where they want none. */
export function termsNoticeOf(answer: Pick<Message, 'role' | 'model' | 'identity'>): string | undefined {
  const terms = answer.role === 'assistant' ? termsOfAnswer(answer) : undefined;
  return terms && `${terms.notice}.`;
}
