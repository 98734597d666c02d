import { describe, expect, test } from 'vitest';
import { dataFile, readJson } from '../../../test/support/data.ts';
import { chosenOption } from './chosen-option.ts';

const lung = ['Pneumonia', 'Asthma', 'Tuberculosis', 'Emphysema'].map((text, at) => ({
  letter: 'ABCD'[at]!,
  text,
}));
const germ = ['S. aureus', 'C. difficile', 'E. coli', 'None of the above'].map((text, at) => ({
  letter: 'ABCD'[at]!,
  text,
}));

test.each([
  ['The answer is (B).', 'B'],
  ['OPTION C IS CORRECT', 'C'],
  ['B', 'B'],
  ['b) because the airways are narrow', 'B'],
  ['Tuberculosis', 'C'],
  ['"Emphysema"', 'D'],
  ['The patient most likely has asthma.', 'B'],
  ['**Answer: C**', 'C'],
  ['Answer: B. Asthma', 'B'],
  ['(D)', 'D'],
  ['C: Tuberculosis', 'C'],
  ['B is correct.', 'B'],
  ['Fever and cough point to infection.\n\nA', 'A'],
  ['The answer is (A). On reflection, the answer is (C).', 'C'],
  ['<think>It might be A.</think>The answer is D.', 'D'],
  ['It is not asthma but emphysema.', 'D'],
])('%j chooses %s', (answer, letter) => {
  expect(chosenOption(answer, lung)).toBe(letter);
});

test.each([
  '',
  'A and C',
  'The answer is A or B.',
  'Asthma or emphysema',
  'I cannot give medical advice.',
  'A tumour of the lung.',
  'The answer is a disease of the airways.',
  'The answer is not A.',
  'The answer is (F).',
  'None of the above',
])('%j chooses none', answer => {
  expect(chosenOption(answer, lung)).toBeNull();
});

test('names of organisms are no letters', () => {
  expect(chosenOption('C. difficile', germ)).toBe('B');
  expect(chosenOption('The answer is C. difficile', germ)).toBe('B');
  expect(chosenOption('E. coli', germ)).toBe('C');
});

interface Extraction {
  optionSets: Record<string, { label: string; text: string }[]>;
  cases: { set: string; output: string; expected: string; rule: string }[];
}

const file = dataFile('testdata/exam/extraction.json');
describe.skipIf(!file)('answers that were read by people (needs BEDSIDE_DATA)', () => {
  const { optionSets, cases } = file ? readJson<Extraction>(file) : { optionSets: {}, cases: [] };
  // Answers in marks of their own are asked for in exams alone; words of other languages are not known here.
  const own = cases.filter(({ set, output }) => !/^(?:zh|pt|ja|he)$/.test(set) && !/<answer>/.test(output));
  test.each(own)('$output', ({ set, output, expected }) => {
    const options = optionSets[set]!.map(({ label, text }) => ({ letter: label, text }));
    const found = chosenOption(output, options);
    // A choice that is not sure may be missed; a wrong one never.
    if (found !== null) expect(found).toBe(expected);
  });

  test('of those that choose, nearly all are found', () => {
    const choosing = own.filter(({ expected }) => expected !== 'unreadable');
    const found = choosing.filter(({ set, output, expected }) => {
      const options = optionSets[set]!.map(({ label, text }) => ({ letter: label, text }));
      return chosenOption(output, options) === expected;
    });
    expect(choosing.length).toBeGreaterThan(30);
    expect(found.length / choosing.length).toBeGreaterThanOrEqual(0.9);
  });
});
