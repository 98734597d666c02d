import { describe, expect, it } from 'vitest';
import { countSteps } from '../../../test/support/pattern-steps.ts';
import { type CutPass, type WordRule, wordRules } from './word-rules.ts';

const names = Object.keys(wordRules) as WordRule[];
/** What makes a careless expression look far ahead again and again. */
const units = {
  prose: "The patient's HbA1c was 7.2 %; \u03b2-blocker 25 mg.\n",
  blanks: ' ',
  'blanks before a letter': { run: '\u3000', end: 'x' },
  'blanks before a digit': { run: ' ', end: '7' },
  'blanks and newlines': '  \n',
  newlines: '\r\n',
  digits: '7',
  'digits before a letter': { run: '7', end: 'x' },
  capitals: 'A',
  'capitals before a digit': { run: 'A', end: '7' },
  'letters of both cases': 'aA',
  'letters without case': '\u10d0',
  'words with blanks': 'a ',
  marks: '\u0301',
  Han: '漢',
  'Han and capitals': 'A漢',
  punctuation: '.',
  'punctuation and slashes': './\n',
  apostrophes: "'",
  controls: '\u0001',
  pills: '💊',
  'a sentinel that does not end': { run: '7', start: '<sentinel:' },
};

function textOf(unit: string | { start?: string; run: string; end?: string }, length: number): string {
  if (typeof unit === 'string') return unit.repeat(Math.ceil(length / [...unit].length));
  return `${unit.start ?? ''}${unit.run.repeat(length)}${unit.end ?? ''}`;
}

const passes = names.flatMap(name =>
  wordRules[name].flatMap((pass: CutPass, index) =>
    'words' in pass ? [{ name, pass, number: index + 1, words: pass.words, flags: pass.flags ?? 'gu' }] : [],
  ),
);

describe.each(passes)('the rule $name, pass $number', ({ words, flags }) => {
  it.each(Object.entries(units))('takes steps in proportion to the text: %s', (_, unit) => {
    const [short, long] = [300, 1200].map(length => {
      const text = textOf(unit, length);
      const counted = countSteps(words, flags, text);
      // The counter reads the expression as the language does.
      expect(counted.matches).toEqual((text.match(new RegExp(words, flags)) ?? []).filter(Boolean));
      return counted.steps;
    });
    // Four times the text: four times the steps, with some to spare for what a run costs once; quadratic would be sixteen.
    expect(long! / short!).toBeLessThan(4.5);
  });
});

it('the count tells a quadratic expression from a linear one', () => {
  const steps = (length: number) => countSteps('\\p{White_Space}+$', 'gu', `${' '.repeat(length)}x`).steps;
  expect(steps(1200) / steps(300)).toBeGreaterThan(12);
});
