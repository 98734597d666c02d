import { describe, expect, test } from 'vitest';
import type { SourceText } from '../../client/index.ts';
import { parseBlocks } from '../markdown/parse-blocks.ts';
import { textOf } from '../markdown/text-of.ts';
import { checkNumbers, statedIn } from './check-numbers.ts';
import { findPassage } from './find-passage.ts';
import { findReferences } from './find-references.ts';
import { judgeAnswer, knownSources } from './judge-answer.ts';
import { unitsOf, withMarks } from './mark-blocks.ts';
import { readersWordsIn } from './readers-words.ts';
import { sentencesOf } from './sentences.ts';
import { indexSources } from './source-index.ts';
import { numberKey } from './tokens.ts';

const sourceOf = (...texts: string[]): SourceText => ({
  id: 'a',
  name: 'guideline.pdf',
  kind: 'pdf',
  partCount: texts.length,
  parts: texts.map((text, at) => ({ number: at + 1, text })),
});

const guideline = sourceOf(
  'Synthetic guideline.\nAdults with stage 2 hypertension should be treated with two drugs of different classes, for\nexample an ACE inhibitor and a calcium channel blocker.',
  'Metformin must not be given where the eGFR is below 30 ml/min. Give amoxicillin 500 mg three times a day for 7 days in uncomplicated pneumonia.',
  '高血压患者应每天测量血压两次,并记录结果。 Пациентам с гипертонией следует измерять давление дважды в день.',
);

/** The words of the text that a sentence is found in; null where it is in none. */
async function found(sentence: string, source = guideline): Promise<string | null> {
  const passage = findPassage(await indexSources([source]), sentence);
  if (!passage) return null;
  return source.parts[passage.part - 1]!.text.slice(passage.start, passage.end);
}

describe('a sentence is found in a text', () => {
  test.each([
    [
      'as it stands there',
      'Adults with stage 2 hypertension should be treated with two drugs of different classes.',
    ],
    [
      'with words of its own in front',
      'According to the text, adults with stage 2 hypertension should be treated with two drugs of different classes.',
    ],
    [
      'over a line’s end, in other case',
      'TWO DRUGS OF DIFFERENT CLASSES, FOR EXAMPLE AN ACE INHIBITOR AND A CALCIUM CHANNEL BLOCKER',
    ],
    [
      'with its numbers and units',
      'Give amoxicillin 500mg three times a day for 7 days in uncomplicated pneumonia.',
    ],
    ['with its negation', 'Metformin must not be given where the eGFR is below 30 ml/min.'],
    ['in Chinese', '高血压患者应每天测量血压两次。'],
    ['in Russian', 'Пациентам с гипертонией следует измерять давление дважды в день.'],
  ])('%s', async (_, sentence) => {
    expect(await found(sentence)).not.toBeNull();
  });

  test('at its place', async () => {
    expect(await found('Adults with stage 2 hypertension should be treated with two drugs.')).toBe(
      'Adults with stage 2 hypertension should be treated with two drugs',
    );
  });
});

describe('a sentence is not found', () => {
  test.each([
    [
      'that says something else',
      'Asthma is a chronic disease of the airways with variable airflow limitation.',
    ],
    [
      'with another number',
      'Give amoxicillin 750 mg three times a day for 7 days in uncomplicated pneumonia.',
    ],
    ['with another unit', 'Give amoxicillin 500 g three times a day for 7 days in uncomplicated pneumonia.'],
    [
      'with another duration',
      'Give amoxicillin 500 mg three times a day for 5 days in uncomplicated pneumonia.',
    ],
    ['that says the opposite', 'Metformin must be given where the eGFR is below 30 ml/min.'],
    [
      'of which a few words are there',
      'Adults with asthma should be treated with inhaled steroids and a beta agonist as needed.',
    ],
    ['that is too short to tell', 'Yes, metformin.'],
    ['in Chinese, of another thing', '糖尿病患者应每月检查眼底一次。'],
  ])('%s', async (_, sentence) => {
    expect(await found(sentence)).toBeNull();
  });
});

test('the same is found each time, also in a long text of one sentence over and over', async () => {
  const source = sourceOf('The patient was seen in the clinic today. '.repeat(5000));
  const first = await found('The patient was seen in the clinic today.', source);
  expect(first).toBe('The patient was seen in the clinic today');
});

test('numbers are the same in every way of writing them', () => {
  expect(['5,1', '5.10', '05.1'].map(numberKey)).toEqual(['5.1', '5.1', '5.1']);
  expect(['1,000', '1000', '1.000.000'].map(numberKey)).toEqual(['1000', '1000', '1000000']);
});

test('sentences end at their signs, not at abbreviations, initials and decimals', () => {
  const text =
    'Dr. Smith gave 2.5 mg, e.g. Ramipril. Was it well? 是的。好。 J. Doe agreed. It was 5.1 mmol/L. So it is.';
  expect(sentencesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
    'Dr. Smith gave 2.5 mg, e.g. Ramipril.',
    'Was it well?',
    '是的。',
    '好。',
    'J. Doe agreed.',
    'It was 5.1 mmol/L.',
    'So it is.',
  ]);
});

describe('a single capital before a full stop', () => {
  test.each([
    ['She was vaccinated against hepatitis B. Titres are checked later.'],
    ['Give 800 units of vitamin D. Calcium is added.'],
    ['The blood is of group A. Cross-match is due.'],
    ['Vitamins A, D, E and K. Others are soluble in water.'],
    ['Take vitamins D and K. Eat well.'],
    ['It is hepatitis A or B. Serology tells.'],
    ['It is Child-Pugh C. Transplantation is considered.'],
    ['He lacks factor V. Clotting is slow.'],
    ['Give anti-D. Do it within 72 hours.'],
    ['She had a temperature of 38 C. Cultures were taken.'],
    ['Shock with 200 J. Go on with compressions.'],
    ['Hepatitis B. Hepatitis C.'],
    ['Sie hat Hepatitis B. Ihr Mann ist geimpft.'],
    ['Er hat Diabetes Typ A. Das ist selten.'],
    ['Group A. Group C.'],
    ['It is a fracture of Weber type B. Surgery is planned.'],
    ['The answer is C. The others are wrong.'],
  ])('ends a sentence where it is a kind: %s', text => {
    expect(sentencesOf(text)).toHaveLength(2);
  });

  test.each([
    ['J. Smith agreed.'],
    ['Dr. A. Brown saw her.'],
    ['Seen by J. Smith today.'],
    ['Prof. J. R. Brown and A. Green wrote it.'],
    ['This was described by J.-P. Martin.'],
    ['As Smith, J. Brown and others wrote.'],
    ['The method of B. Green is used.'],
    ['John F. Kennedy had it.'],
    ['He was treated (A. Brown, consultant) at home.'],
    ['According to “A. Brown” it was.'],
    ['The patient, A. Miller, agreed.'],
  ])('ends none where it is an initial: %s', text => {
    expect(sentencesOf(text)).toHaveLength(1);
  });

  test('ends none where it counts the parts of a text', () => {
    const text = 'It is so.\nB. Treatment of adults.';
    expect(sentencesOf(text).map(({ start, end }) => text.slice(start, end))).toEqual([
      'It is so.',
      'B. Treatment of adults.',
    ]);
  });
});

describe('a value is checked against the text', () => {
  const words = async (answer: string, ...texts: string[]) =>
    checkNumbers(answer, await statedIn([sourceOf(...texts)])).map(each => each.words);
  const lab = 'Sodium  141 mmol/L  135–145\nPotassium  5.1 mmol/L  3.5–5.0\nCreatinine  102 µmol/L';

  test.each([
    [
      'another number',
      'Potassium was 4.1 mmol/L.',
      ['Potassium was 5.1 mmol/L.'],
      'The text says 5.1 mmol/L.',
    ],
    ['in a table', 'The potassium is 4.1 mmol/L.', [lab], 'The text says 5.1 mmol/L.'],
    ['in another unit', 'Glucose was 200 mg/dL.', ['Glucose was 6.2 mmol/L.'], 'The text says 6.2 mmol/L.'],
    [
      'in another size of a unit',
      'She takes amoxicillin 1 g.',
      ['She takes amoxicillin 500 mg.'],
      'The text says 500 mg.',
    ],
    [
      'a dose before its drug',
      'She takes 75 mg of aspirin daily.',
      ['Aspirin 100 mg daily.'],
      'The text says 100 mg.',
    ],
    [
      'several there, none of them this',
      'Potassium was 4.8 mmol/L.',
      ['Potassium was 5.1 mmol/L. Potassium was 4.4 mmol/L.'],
      'The text has several: 5.1 mmol/L, 4.4 mmol/L.',
    ],
    ['with a decimal comma', 'Kalium war 4,1 mmol/l.', ['Kalium 5,1 mmol/l.'], 'The text says 5,1 mmol/l.'],
  ])('%s is said', async (_, answer, texts, said) => {
    expect(await words(answer, ...texts)).toEqual([said]);
  });

  test.each([
    ['the same number', 'Potassium was 5.1 mmol/L.', ['Potassium was 5.1 mmol/L.']],
    ['the same, rounded', 'Creatinine was 1.2 mg/dL.', ['Creatinine was 1.16 mg/dL.']],
    ['the same in another unit', 'Glucose was 112 mg/dL.', ['Glucose was 6.2 mmol/L.']],
    ['the same in another size of a unit', 'She takes amoxicillin 0.5 g.', ['She takes amoxicillin 500 mg.']],
    ['one of several', 'Potassium was 4.4 mmol/L.', ['Potassium was 5.1 mmol/L. Potassium was 4.4 mmol/L.']],
    ['a range', 'Normal potassium is 3.5 to 5.0 mmol/L.', ['Potassium was 5.1 mmol/L.']],
    ['a range with a dash', 'Potassium 3.5–5.0 mmol/L.', ['Potassium was 5.1 mmol/L.']],
    ['a limit', 'Potassium above 6.5 mmol/L is an emergency.', ['Potassium was 5.1 mmol/L.']],
    ['a limit by its sign', 'Potassium > 6.5 mmol/L.', ['Potassium was 5.1 mmol/L.']],
    ['a change', 'Metformin may be increased to 1000 mg.', ['Metformin 500 mg.']],
    ['a dose by weight', 'Vancomycin 15 mg/kg.', ['Vancomycin 1000 mg.']],
    ['another frequency', 'Metformin 1000 mg daily.', ['Metformin 500 mg twice daily.']],
    ['another thing', 'Sodium was 141 mmol/L.', ['Potassium was 5.1 mmol/L.']],
    [
      'a text that is not plain',
      'Potassium was 4.1 mmol/L.',
      ['Potassium was between 4 and 6 mmol/L. Potassium was 5.1 mmol/L.'],
    ],
    ['a unit that cannot be compared', 'HbA1c was 48 mmol/mol.', ['HbA1c was 6.5 %.']],
    [
      'a number of something else',
      'Potassium was checked on day 3 with 2 mg of lorazepam.',
      ['Potassium was 5.1 mmol/L.'],
    ],
    ['a course', 'Potassium fell from 5.1 mmol/L.', ['Potassium was 4.0 mmol/L.']],
    ['no value at all', 'Potassium was high.', ['Potassium was 5.1 mmol/L.']],
  ])('%s is not', async (_, answer, texts) => {
    expect(await words(answer, ...texts)).toEqual([]);
  });
});

describe('a reference', () => {
  test.each([
    'https://www.example.org/guideline/2',
    'doi:10.1056/NEJMoa1500001',
    '10.1016/S0140-6736(20)30183-5',
    'PMID: 12345678',
    'NCT01234567',
    'N Engl J Med 2015;372:1234',
    'Lancet 2019; 393(10170): 407-415',
    'Smith et al., 2019',
    'Müller-Huber et al. (2020)',
  ])('like “%s” is seen', reference => {
    expect(findReferences(`As said (see ${reference}, there).`).map(({ text }) => text)).toEqual([reference]);
  });

  test.each([
    'In 2019 it was 10.5 mg/dL.',
    'Doses of 10.1 and 2; 5: none.',
    'Between 1999 and 2004.',
    'Smith saw him in 2019.',
  ])('is not seen in “%s”', text => {
    expect(findReferences(text)).toEqual([]);
  });
});

describe('an answer', () => {
  const answer =
    '## Treatment\n\nAdults with **stage 2 hypertension** should be treated with two drugs of different classes. This lowers the risk of stroke (Smith et al., 2019).\n\n- Give amoxicillin 500 mg three times a day for 7 days in uncomplicated pneumonia.\n- Drink enough.\n\n| Drug | Dose |\n| --- | --- |\n| Amoxicillin | 250 mg |';
  const judged = async (known = true) => {
    const blocks = parseBlocks(answer);
    const judgement = await judgeAnswer(
      unitsOf(blocks),
      known ? await knownSources(await indexSources([guideline])) : null,
    );
    return { blocks, judgement };
  };

  test('is judged sentence by sentence', async () => {
    const { judgement } = await judged();
    expect(judgement).toMatchObject({ sentences: 5, quoted: 2 });
    expect(judgement.marks.map(({ kind }) => kind)).toEqual([
      'quoted',
      'reference',
      'memory',
      'quoted',
      'memory',
      'memory',
    ]);
  });

  test('without a text has its references marked alone', async () => {
    const { judgement } = await judged(false);
    expect(judgement).toMatchObject({
      sentences: 0,
      quoted: 0,
      marks: [{ kind: 'reference', text: 'Smith et al., 2019' }],
    });
  });

  test('keeps its text, whatever is marked in it', async () => {
    const { blocks, judgement } = await judged();
    const places = judgement.marks.map(({ unit, at }, mark) => ({ unit, at, mark }));
    const marked = withMarks(blocks, places);
    expect(textOf(marked)).toBe(textOf(blocks));
    expect(JSON.stringify(marked).match(/"type":"mark"/g)).toHaveLength(judgement.marks.length);
  });

  test('has a reference that is in the text left alone', async () => {
    const source = sourceOf('As in Smith et al. 2019, and doi.org/10.1000/xyz123.');
    const units = [{ text: 'See Smith et al., 2019 and doi:10.1000/xyz123 and NCT01234567.', isProse: true }];
    const { marks } = await judgeAnswer(units, await knownSources(await indexSources([source])));
    expect(marks.filter(({ kind }) => kind === 'reference')).toMatchObject([{ text: 'NCT01234567' }]);
  });

  test('is not said to be from the model’s memory where the reader wrote it', async () => {
    const text =
      'Two drugs of different classes are given. See [the _leaflet_](https://example.org/a/b) of **2024**. Rest helps a little. Ask Doe et al., 2021.';
    const spanOf = (words: string): [number, number] => [
      text.indexOf(words),
      text.indexOf(words) + words.length,
    ];
    const units = unitsOf(parseBlocks(text));
    const known = await knownSources(await indexSources([guideline]));
    const spans = [spanOf('a little'), spanOf('Doe et al., 2021')];
    const mine = await judgeAnswer(units, known, undefined, readersWordsIn(units, { text, spans }));
    const models = await judgeAnswer(units, known);
    expect(models).toMatchObject({ sentences: mine.sentences, quoted: mine.quoted, edited: 0 });
    expect(mine.edited).toBe(2);
    const gone = (kind: string) =>
      models.marks.filter(mark => mark.kind === kind).length -
      mine.marks.filter(mark => mark.kind === kind).length;
    expect(gone('memory')).toBe(2);
    expect(gone('reference')).toBe(1);
  });

  test.each([
    ['in a table', '| Drug | Dose |\n|---|---|\n| Aspirin | 75 mg daily |', '75', 'Aspirin 75 mg daily'],
    ['in a list', '1. Rest well.\n2. Drink **much** tea.', 'much', 'Drink much tea.'],
    ['behind a thought', '<think>Drink tea.</think>Drink tea. Drink wine.', 'wine', 'Drink tea. Drink wine.'],
  ])('knows the reader’s words %s', (_, text, word, unitText) => {
    const at = text.lastIndexOf(word);
    const from = text.indexOf('</think>') + (text.includes('</think>') ? '</think>'.length : 1);
    const units = unitsOf(parseBlocks(text.slice(from)));
    const unit = units.findIndex(each => each.text === unitText);
    const isReaders = readersWordsIn(units, { text, spans: [[at, at + word.length]], from });
    const place = unitText.lastIndexOf(word);
    expect(isReaders(unit, place, place + word.length)).toBe(true);
    expect(isReaders(unit, 0, place)).toBe(false);
    expect(
      units.flatMap((each, other) => (other !== unit && isReaders(other, 0, each.text.length) ? [each] : [])),
    ).toEqual([]);
  });
});
