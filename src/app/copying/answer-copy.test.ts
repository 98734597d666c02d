import { describe, expect, test } from 'vitest';
import { answerCopy } from './answer-copy.ts';

const answer = {
  role: 'assistant' as const,
  createdAt: Date.UTC(2026, 0, 2),
  model: 'Model <A>',
  identity: { sha256: ['ab'.repeat(32)] },
  computedOn: [{ kind: 'gpu' as const, adapter: 'test gpu' }],
  text: '<think>hidden</think>## Dose\n\nGive **5 mg** of $x^2$:\n\n- first\n- second\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> quoted\n\n```\ncode *x*\n```',
};
const plainWishes = { hasProvenance: false, isDemonstration: false };

test('Markdown is what was written, without what was thought', () => {
  expect(answerCopy(answer, { form: 'markdown', ...plainWishes })).toEqual({
    plain: answer.text.replace('<think>hidden</think>', ''),
  });
});

test('plain text has every word and no markup; formulas are their LaTeX', () => {
  expect(answerCopy(answer, { form: 'text', ...plainWishes })).toEqual({
    plain: 'Dose\n\nGive 5 mg of $x^2$:\n\n- first\n- second\n\na\tb\n1\t2\n\nquoted\n\ncode *x*',
  });
});

test('a formatted copy has both forms', () => {
  const { plain, html } = answerCopy(answer, { form: 'rich', ...plainWishes });
  expect(plain).toBe(answerCopy(answer, { form: 'text', ...plainWishes }).plain);
  expect(html).toContain('<strong>5 mg</strong> of $x^2$');
  expect(html).toContain('<td dir="auto">1</td>');
});

describe.each(['markdown', 'text', 'rich'] as const)('%s', form => {
  test('says where it comes from, where that is wished', () => {
    const { plain, html } = answerCopy(answer, { form, hasProvenance: true, isDemonstration: false });
    for (const words of [
      'Answer of Model <A>, computed on',
      '2026',
      `SHA-256 of the model: ${'ab'.repeat(32)}`,
      'Not a medical device',
    ]) {
      expect(plain).toContain(words);
      if (html) expect(html).toContain(words.replace('<A>', '&lt;A&gt;'));
    }
  });

  test('has what the terms of the model want said', () => {
    const ofGemma = { ...answer, identity: { ...answer.identity, terms: 'gemma' } };
    const copied = answerCopy(ofGemma, { form, hasProvenance: true, isDemonstration: false });
    const words =
      'Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms.';
    expect(copied.plain).toContain(words);
    if (form === 'rich') expect(copied.html).toContain(words);
    const ofAnother = answerCopy(answer, { form, hasProvenance: true, isDemonstration: false });
    expect(ofAnother.plain).not.toContain('Gemma');
  });

  test('says so of a demonstration in any case, and of edited words', () => {
    expect(answerCopy(answer, { form, hasProvenance: false, isDemonstration: true }).plain).toContain(
      'a demonstration model: often wrong',
    );
    const edit = { of: 'a', editedAt: 1, length: 5, spans: [] };
    const copied = answerCopy({ ...answer, edit }, { form, hasProvenance: true, isDemonstration: false });
    expect(copied.plain).toContain('edited by the reader');
  });
});
