import { describe, expect, it } from 'vitest';
import { answerOf, readThought, ThoughtTracker, thoughtCutNote } from './thought.ts';

const marked: [form: string, text: string][] = [
  ['tags', '<think>\nFever and cough.\n</think>\n\nExclude tuberculosis.'],
  ['long tags', '<thinking>Fever and cough.</thinking>Exclude tuberculosis.'],
  ['tags after blanks', '\n\n<think>\nFever and cough.\n\n</think>\nExclude tuberculosis.'],
  ['pieces', '<unused94>thought\nFever and cough.<unused95>Exclude tuberculosis.'],
  ['headings', '## Thinking\n\nFever and cough.\n\n## Final Response\n\nExclude tuberculosis.'],
  ['bold words', '**Thought**\n\nFever and cough.\n\n**Summarization**\n\nExclude tuberculosis.'],
  ['headings of three', '### Thought\nFever and cough.\n### Summarization\nExclude tuberculosis.'],
];

describe.each(marked)('a thought marked by %s', (_, text) => {
  it('is apart from the answer', () => {
    expect(readThought(text)).toEqual({
      thought: 'Fever and cough.',
      answer: 'Exclude tuberculosis.',
      isOpen: false,
      wasCut: false,
    });
    expect(answerOf(text)).toBe('Exclude tuberculosis.');
  });

  it('is never shown as an answer while it grows', () => {
    const begun = text.indexOf('Exclude');
    for (let end = 1; end < begun; end++) {
      const { thought, answer } = readThought(text.slice(0, end), { isGrowing: true });
      expect(answer, text.slice(0, end)).toBe('');
      if (thought !== null) expect(text).toContain(thought);
    }
  });

  it('is followed in whatever pieces it comes', () => {
    for (const size of [1, 2, 3, 7, 200]) {
      const tracker = new ThoughtTracker();
      let wasInside = false;
      for (let at = 0; at < text.length; at += size) {
        tracker.push(text.slice(at, at + size));
        wasInside ||= tracker.isInside;
      }
      expect(tracker.isInside).toBe(false);
      expect(wasInside).toBe(size < 200);
    }
  });

  it('can be closed where it is, and says so', () => {
    const begun = text.slice(0, text.indexOf(' cough') + ' cough'.length);
    const tracker = new ThoughtTracker();
    tracker.push(begun);
    expect(tracker.isInside).toBe(true);
    const { closing } = tracker;
    tracker.push(closing);
    expect(tracker.isInside).toBe(false);
    expect(readThought(`${begun}${closing}Exclude it.`)).toEqual({
      thought: 'Fever and cough',
      answer: 'Exclude it.',
      isOpen: false,
      wasCut: true,
    });
    expect(closing).toContain(thoughtCutNote);
  });
});

it('reads a thought that the prompt opened by its end alone', () => {
  expect(readThought('Fever and cough.\n</think>\n\nExclude tuberculosis.')).toEqual({
    thought: 'Fever and cough.',
    answer: 'Exclude tuberculosis.',
    isOpen: false,
    wasCut: false,
  });
});

it('says that a text ends inside its thought', () => {
  for (const text of ['<think>\nFever', '## Thinking\n\nFever', '**Thought**\nFever'])
    expect(readThought(text)).toEqual({ thought: 'Fever', answer: '', isOpen: true, wasCut: false });
  expect(readThought('<think>')).toMatchObject({ thought: '', isOpen: true });
});

it('takes an empty thought for none', () => {
  expect(readThought('<think>\n\n</think>\n\nYes.')).toEqual({
    thought: null,
    answer: 'Yes.',
    isOpen: false,
    wasCut: false,
  });
});

it.each([
  '',
  ' ',
  'Exclude tuberculosis.',
  'The mark <think> opens a thought.',
  '## Thinking about tuberculosis\n\nFever.',
  '**Thought** content is normal.\n\nAffect is flat.',
  '## Thin',
  '<',
  '<thin air>',
])('leaves %j as it is', text => {
  expect(readThought(text)).toEqual({ thought: null, answer: text, isOpen: false, wasCut: false });
  const tracker = new ThoughtTracker();
  for (const character of text) tracker.push(character);
  expect(tracker.isInside).toBe(false);
});

it('takes a line that only begins as a closing heading for no end', () => {
  const begun = '## Thinking\n\nFever.\n\n## Final Response';
  expect(readThought(begun)).toMatchObject({ isOpen: true });
  const tracker = new ThoughtTracker();
  for (const piece of [begun, ' follows later\n', 'x'.repeat(80), '## Final Response\n']) tracker.push(piece);
  expect(tracker.isInside).toBe(true);
  tracker.push('\n## Final Response\n');
  expect(tracker.isInside).toBe(false);
});

it('finds the end of a long thought, in pieces', () => {
  const tracker = new ThoughtTracker();
  tracker.push('<think>');
  for (let i = 0; i < 20_000; i++) tracker.push('a word ');
  expect(tracker.isInside).toBe(true);
  tracker.push('</thi');
  tracker.push('nk>');
  expect(tracker.isInside).toBe(false);
});
