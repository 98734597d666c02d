// @vitest-environment jsdom
import { cleanup } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type ClinicalText, clinicalTexts } from '../testing/clinical-texts.ts';
import { renderMarkdown, shownText, withoutSpace } from '../testing/render-markdown.tsx';
import { loadEntityNames } from './entity-names.ts';
import { loadFormulas } from './formula.tsx';

beforeAll(loadEntityNames);
beforeAll(loadFormulas);
afterEach(cleanup);

function expectShown(root: Element, { markdown, shows = [markdown], elements = {} }: ClinicalText): void {
  for (const text of shows) expect(withoutSpace(root.textContent ?? '')).toContain(withoutSpace(text));
  for (const [selector, texts] of Object.entries(elements)) {
    const found = [...root.querySelectorAll(selector)].map(element =>
      withoutSpace(element.textContent ?? ''),
    );
    expect(found, selector).toEqual(texts.map(withoutSpace));
  }
}

describe('each text is shown', () => {
  test.each(clinicalTexts)('$name', text => {
    expectShown(renderMarkdown(text.markdown).root, text);
  });

  test.each(clinicalTexts)('$name, at the end of its writing', text => {
    const rendered = renderMarkdown('', 'streaming');
    for (let end = 1; end <= text.markdown.length; end++) rendered.update(text.markdown.slice(0, end));
    // What is still being written may be held back or count as ended at its very end.
    rendered.update(`${text.markdown}\n\n`);
    expectShown(rendered.root, text);
  });
});

/** So many characters may wait for the next ones to tell what they are. */
const pendingTail = 7;

const asWritten = clinicalTexts.filter(({ shows }) => !shows);

test.each(asWritten)(
  '$name: at every moment as written, and nothing struck out or emphasised',
  ({ markdown, elements = {} }) => {
    const rendered = renderMarkdown('', 'streaming');
    const unmeant = Object.keys(elements).filter(selector => selector.includes('del'));
    for (let end = 1; end <= markdown.length; end++) {
      rendered.update(markdown.slice(0, end));
      const settled = withoutSpace(markdown.slice(0, end)).slice(0, -pendingTail);
      expect(withoutSpace(rendered.root.textContent ?? ''), `after ${end} characters`).toContain(settled);
      for (const selector of unmeant) {
        const found = [...rendered.root.querySelectorAll(selector.replace(', blockquote', ''))];
        expect(
          found.map(element => element.outerHTML),
          `after ${end} characters`,
        ).toEqual([]);
      }
    }
  },
);

/** Fragments in which nothing is markup, made of the signs that Markdown also uses. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map(String),
  fc.constantFrom('0.5', '1,5', '7.35', '½'),
);
const unit = fc.constantFrom('mg', 'mmol/L', 'mL', 'U', 'µg/kg', '%', '×10^9/L', 'g/dL', 'mg/m^2');
const allele = fc.constantFrom(
  'HLA-B*27',
  'HLA-B*57:01',
  'CYP2C19*2',
  'CYP2D6*4/*5',
  '*1/*1',
  '*2A',
  'DPYD*13',
  'TPMT*3C',
);
const fragment = fc.oneof(
  fc
    .tuple(
      number,
      fc.constantFrom('~', '~~', '-', '–', '*', '**', '^', '/', ' x ', ' * ', ' ~ '),
      number,
      unit,
    )
    .map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('<', '>', '<=', '>=', '≥ ', '± ', '~', '< ', '> '), number, unit)
    .map(parts => parts.join('')),
  allele,
  fc.tuple(number, fc.constantFrom('*', '**', '***', '†', ' (*)', ' (**)')).map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('*', '**', '***'), fc.constantFrom('p<0.05', 'p < 0.01', 'P=0.2', 'p ≤ 0.001'))
    .map(parts => parts.join('')),
  fc
    .tuple(fc.constantFrom('Na', 'K', 'Allergy', '^1', 'pH'), fc.constantFrom(': ', ''))
    .map(([name, colon]) => `[${name}]${colon}`),
  fc.tuple(number, number, number).map(([value, low, high]) => `[${value}](${low}-${high})`),
  fc.constantFrom(
    'V_max',
    'eGFR_EPI',
    '__init__',
    'a_b_c',
    'H~2~O',
    '<140/90>',
    '<5 mg>',
    '<0.5',
    '</div>',
    '<!-- x',
    'C:\\temp\\new',
    '\\pm',
    '\\(x\\)',
    '$x_1$',
    '#1',
    'AT&T',
    '&le 5',
    "5'",
    '10`',
    '(+)',
    '(-)',
    '+++',
    'Ca++',
    'HCO3-',
    '|',
    '||',
  ),
  fc.constantFrom(
    '三~~五次',
    '体重*身高',
    '身高**2，',
    'ضغط 120/80',
    'חום 38',
    'aspirin',
    'of the',
    'Dose:',
    'and',
    'vs.',
  ),
);
/** Where lines begin, signs look most like Markdown. */
const beginning = fc.oneof(
  fc
    .tuple(fc.constantFrom('- ', '+ ', '* ', '> ', '>= ', '< ', '>', '= ', '~ '), number, unit)
    .map(parts => parts.join('')),
  fc.constantFrom(
    '1998. That year',
    '[Na]: 128',
    '[K]: 6.1 "x"',
    '#1',
    '=',
    '+',
    '|',
    '~',
    '* p < 0.05',
    '> ULN',
  ),
);
const line = fc.oneof(
  {
    weight: 19,
    arbitrary: fc
      .tuple(
        fc.option(beginning),
        fc.array(fragment, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(' ', ', ', '; '),
      )
      .map(([first, rest, between]) => [first === null ? [] : [first], rest].flat().join(between)),
  },
  // A result that is nothing but a sign. Before words, two such lines are a list.
  { weight: 1, arbitrary: fc.constantFrom('-', '*', '+') },
);

/** Texts, each with what must be seen of it without a gap. */
const lineWithoutBars = line.map(text => text.replaceAll('|', '/'));
const text = fc.oneof(
  fc.array(line, { minLength: 1, maxLength: 3 }).map(lines => ({ markdown: lines.join('\n'), shows: lines })),
  fc
    .array(line, { minLength: 1, maxLength: 3 })
    .map(lines => ({ markdown: lines.join('\n\n'), shows: lines })),
  fc.tuple(fc.constantFrom('- ', '* ', '1. ', '7) '), line, line).map(([mark, a, b]) => ({
    // A word first: what a number behind the mark means is another question.
    markdown: `${mark}Drug ${a}\n${mark}Test ${b}`,
    shows: [`Drug ${a}`, `Test ${b}`],
  })),
  fc
    .tuple(line, line)
    .map(([a, b]) => ({ markdown: `- Drug\n- ${a}\n- Test\n  - ${b}`, shows: ['Drug', a, b] })),
  fc
    .tuple(fc.constantFrom('#', '##', '####'), line)
    .map(([marks, a]) => ({ markdown: `${marks} Drug ${a}`, shows: [`Drug ${a}`] })),
  line.map(a => ({ markdown: `> Note: ${a}`, shows: [`Note: ${a}`] })),
  fc.array(lineWithoutBars, { minLength: 2, maxLength: 5 }).map(cells => ({
    markdown: `| Test | Value |\n| --- | --- |\n| ${cells.join(' | ')} |`,
    shows: cells,
  })),
);

test('every letter, digit and sign of 5,000 texts without markup is visible, in order', () => {
  fc.assert(
    fc.property(text, ({ markdown, shows }) => {
      const shown = shownText(markdown);
      let from = 0;
      for (const part of shows) {
        const at = shown.indexOf(withoutSpace(part), from);
        expect(at, `${JSON.stringify(part)} in ${JSON.stringify(shown)}`).toBeGreaterThanOrEqual(0);
        from = at + withoutSpace(part).length;
      }
    }),
    { numRuns: 5000 },
  );
});
