import { expect, test } from 'vitest';
import { sampleAnswerRecord } from '../../../test/support/answer-record.ts';
import { medgemmaAnswer } from '../testing/medgemma-answer.ts';
import { writeRecord } from './write-record.ts';

test('a record as a file has what the terms of the model want said', () => {
  const { answer, notice } = medgemmaAnswer;
  const written = JSON.parse(writeRecord(sampleAnswerRecord('c1', answer.id), answer));
  expect(written.termsNotice).toBe(notice);
  const { identity: _, ...other } = answer;
  expect(JSON.parse(writeRecord(sampleAnswerRecord('c1', answer.id), other))).not.toHaveProperty(
    'termsNotice',
  );
});
