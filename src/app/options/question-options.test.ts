import { describe, expect, test } from 'vitest';
import { optionsOf, turnedRound } from './question-options.ts';

const read = (question: string) =>
  optionsOf(question)?.map(({ letter, text }) => `${letter} ${text}`) ?? null;
const stem = 'Which vitamin deficiency causes scurvy?';
const vitamins = ['A Vitamin A', 'B Vitamin C', 'C Vitamin D', 'D Vitamin K'];

describe('options are read', () => {
  const forms: [form: string, mark: (letter: string) => string][] = [
    ['A. ', letter => `${letter}. `],
    ['(A) ', letter => `(${letter}) `],
    ['A) ', letter => `${letter}) `],
    ['a) ', letter => `${letter.toLowerCase()}) `],
    ['(a) ', letter => `(${letter.toLowerCase()}) `],
    ['a. ', letter => `${letter.toLowerCase()}. `],
    ['- A. ', letter => `- ${letter}. `],
    ['**A.** ', letter => `**${letter}.** `],
    ['(A)', letter => `(${letter})`],
  ];
  test.each(forms)('one a line, as %s', (_, mark) => {
    const lines = vitamins.map(line => `${mark(line[0]!)}${line.slice(2)}`);
    expect(read(`${stem}\n${lines.join('\n')}`)).toEqual(vitamins);
    expect(read(`${stem}\n\n${lines.join('\n\n')}`)).toEqual(vitamins);
    expect(read(`${stem}\r\n${lines.join('\r\n')}\r\n`)).toEqual(vitamins);
  });

  test.each(forms.filter(([form]) => !/[-*]/.test(form)))('in running text, as %s', (_, mark) => {
    const listed = vitamins.map(line => `${mark(line[0]!)}${line.slice(2)}`);
    expect(read(`${stem} ${listed.join(' ')}`)).toEqual(vitamins);
    expect(read(`${stem} ${listed.join(', ')}`)).toEqual(vitamins);
    expect(read(`${stem} ${listed.join('; ')}`)).toEqual(vitamins);
  });

  test.each([
    [
      'of the exam',
      `###Question: ${stem} ###Options: A. Vitamin A B. Vitamin C C. Vitamin D D. Vitamin K`,
      vitamins,
    ],
    ['two', 'Is asthma reversible?\nA. Yes\nB. No', ['A Yes', 'B No']],
    ['two in a line', 'Which is it? (A) benign (B) malignant', ['A benign', 'B malignant']],
    [
      'ten',
      `Which?\n${[...'ABCDEFGHIJ'].map(letter => `${letter}) option ${letter}`).join('\n')}`,
      [...'ABCDEFGHIJ'].map(l => `${l} option ${l}`),
    ],
    ['over two lines', 'Which?\nA. first\n   goes on\nB. second', ['A first\n   goes on', 'B second']],
    ['with words behind', 'Which?\nA. one\nB. two\n\nExplain your choice.', ['A one', 'B two']],
    ['with numbers', 'What is the dose?\n(A) 2.5 mg\n(B) 5 mg\n(C) 10 mg', ['A 2.5 mg', 'B 5 mg', 'C 10 mg']],
    ['Chinese', '哪种疾病？\nA. 肺炎\nB. 哮喘', ['A 肺炎', 'B 哮喘']],
    [
      'organisms',
      'Which?\nA. S. aureus\nB. C. difficile\nC. E. coli',
      ['A S. aureus', 'B C. difficile', 'C E. coli'],
    ],
    ['indented', 'Which?\n\tA) one\n\tB) two', ['A one', 'B two']],
    ['alone', '(A) one (B) two (C) three', ['A one', 'B two', 'C three']],
    [
      'a sentence each',
      'Choose: A. It rises. B. It falls. C. It stays.',
      ['A It rises.', 'B It falls.', 'C It stays.'],
    ],
  ])('%s', (_, question, expected) => {
    expect(read(question)).toEqual(expected);
  });
});

test.each([
  '',
  'What is asthma?',
  'Compare hepatitis A and B.',
  'Compare hepatitis (A) and (B) in children.',
  'Which is more common, A. fumigatus or B. cereus?',
  'Describe (a) the causes and (b) the treatment.',
  'List a) symptoms, b) signs, c) tests.',
  'A. Smith and B. Jones reported two cases.',
  'Dr. A. Miller asks: what is it?',
  'Is vitamin A. a cause?',
  '(A) only one option',
  'A. one\nC. three',
  'B. two\nC. three',
  'A. same\nB. same',
  'A.\nB.',
  'ABC assessment: airway, breathing, circulation',
  'The patient takes A.\nThen he takes B.',
  'Grade A) is missing here',
  '1. one\n2. two',
  'α) one β) two',
  `Which?\n${[...'ABCDEFGHIJK'].map(letter => `${letter}) option ${letter}`).join('\n')}`,
])('no options in %j', question => {
  expect(read(question)).toBeNull();
});

test('the question with its options turned round', () => {
  const question = `${stem}\nA. Vitamin A\nB. Vitamin C\nC. Vitamin D\n\nOne letter only.`;
  const options = optionsOf(question)!;
  for (const { text, start, end } of options) expect(question.slice(start, end)).toBe(text);
  const turned = turnedRound(question, options);
  expect(turned).toBe(`${stem}\nA. Vitamin D\nB. Vitamin C\nC. Vitamin A\n\nOne letter only.`);
  expect(turnedRound(turned, optionsOf(turned)!)).toBe(question);
});
