import { type AnswerRecord, type Message, unpackIds } from '../../client/index.ts';
import { researchNotice } from '../format/research-notice.ts';
import { termsNoticeOf } from '../format/terms-notice.ts';

/** A record as a file of its own: with the answer, what was seen of images, and all token ids written out. */
export function writeRecord(record: AnswerRecord, answer: Message): string {
  const { prompt, answer: tokens } = record;
  const terms = termsNoticeOf(answer);
  const whole = {
    format: 'bedside-answer-record',
    notice: researchNotice,
    ...(terms ? { termsNotice: terms } : {}),
    ...record,
    askedAt: new Date(record.askedAt).toISOString(),
    prompt: {
      ...prompt,
      text: prompt.parts.map(({ text }) => text).join(''),
      ids: unpackIds(prompt.ids),
    },
    answer: { ...tokens, text: answer.text, ids: unpackIds(tokens.ids) },
    ...(answer.edit ? { edit: answer.edit } : {}),
    ...(answer.rating ? { rating: answer.rating } : {}),
    ...(answer.vision ? { vision: answer.vision } : {}),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
