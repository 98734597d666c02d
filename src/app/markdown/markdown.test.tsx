// @vitest-environment jsdom
import { act, cleanup, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { countTextWork } from '../../../test/support/text-work.ts';
import { renderMarkdown } from '../testing/render-markdown.tsx';
import { loadEntityNames } from './entity-names.ts';

afterEach(cleanup);

const html = (text: string) => renderMarkdown(text).root.innerHTML;

test('a table is a labelled region that the keyboard can scroll', () => {
  const { root } = renderMarkdown('| Drug | Dose |\n| :- | -: |\n| **A** | 5 mg |\n| B |');
  const region = within(root as HTMLElement).getByRole('region', { name: 'Table' });
  expect(region.tabIndex).toBe(0);
  const headers = within(region).getAllByRole('columnheader');
  expect(headers.map(header => header.textContent)).toEqual(['Drug', 'Dose']);
  expect(headers.map(header => header.style.textAlign)).toEqual(['left', 'right']);
  expect(headers.every(header => header.getAttribute('scope') === 'col')).toBe(true);
  expect(within(region).getAllByRole('row')).toHaveLength(3);
  expect(region.querySelector('td strong')?.textContent).toBe('A');
});

test('a table is copied for a spreadsheet, and as CSV', async () => {
  const written: string[] = [];
  vi.stubGlobal('navigator', {
    ...navigator,
    clipboard: { writeText: async (text: string) => void written.push(text) },
  });
  const { root } = renderMarkdown('| Drug | Dose |\n| --- | --- |\n| **A** | 5,5 mg |');
  for (const name of ['Copy table', 'Copy table as CSV']) {
    await act(async () =>
      within(root as HTMLElement)
        .getByRole('button', { name })
        .click(),
    );
  }
  vi.unstubAllGlobals();
  expect(written).toEqual(['Drug\tDose\nA\t5,5 mg', 'Drug,Dose\r\nA,"5,5 mg"']);
});

test('lists: nested, ordered from a number, loose', () => {
  expect(html('- a\n  - b\n- c')).toBe(
    '<ul dir="ltr"><li>a<ul dir="ltr"><li>b</li></ul></li><li>c</li></ul>',
  );
  expect(html('3. a\n4. b')).toBe('<ol dir="ltr" start="3"><li value="3">a</li><li value="4">b</li></ol>');
  expect(renderMarkdown('- a\n\n- b').root.querySelectorAll('li > p')).toHaveLength(2);
});

test('a task list says in words what is done', () => {
  const { root } = renderMarkdown('- [x] creatinine\n- [ ] urine');
  const items = [...root.querySelectorAll('li.md-task')].map(item => item.textContent);
  expect(items).toEqual(['☑ Done: creatinine', '☐ To do: urine']);
  expect(root.querySelector('input')).toBeNull();
});

test('strong, emphasis, deletion, line breaks', () => {
  expect(html('**a** *b* ~~c~~  \nd')).toBe(
    '<p dir="auto"><strong>a</strong> <em>b</em> <del>c</del><br>d</p>',
  );
});

test('code is shown as it was written', () => {
  const { root } = renderMarkdown(
    'Use `a &amp; <b>`.\n\n```python title=x\nif a < b:\n  **no**\n```\n\n    indented',
  );
  const [inline, fenced, indented] = [...root.querySelectorAll('code')].map(code => code.textContent);
  expect(inline).toBe('a &amp; <b>');
  expect(fenced).toBe('if a < b:\n  **no**');
  expect(indented).toBe('indented');
  expect(root.querySelector('.md-code-bar span')?.textContent).toBe('python');
  expect(within(root as HTMLElement).getAllByRole('button', { name: 'Copy code' })).toHaveLength(2);
});

test('quotations, rules and paragraphs', () => {
  expect(html('a\n\n> b\n\n---\n\nc')).toBe(
    '<p dir="auto">a</p><blockquote dir="ltr"><p dir="auto">b</p></blockquote><hr><p dir="auto">c</p>',
  );
});

test('character references and escapes are text; their names are fetched once one is needed', async () => {
  const written = '5 &lt; 6 &plusmn; 1 &#181;g \\*not emphasis\\* &unknown; &#xD800; &#0;';
  const { container } = renderMarkdown(written);
  expect(container.textContent).toMatch(/^5 < 6 (&plusmn;|±) 1 µg/);
  await act(() => loadEntityNames());
  expect(container.textContent).toBe('5 < 6 ± 1 µg *not emphasis* &unknown; \ufffd \ufffd');
});

describe('headings', () => {
  const levels = (text: string) =>
    [...renderMarkdown(text).root.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(heading => heading.localName);

  test('start below the message’s own and skip no level', () => {
    expect(levels('# a\n\n## b\n\n### c')).toEqual(['h3', 'h4', 'h5']);
    expect(levels('### a\n\n#### b\n\n### c')).toEqual(['h3', 'h4', 'h3']);
    expect(levels('# a\n\n###### b')).toEqual(['h3', 'h4']);
    expect(levels('# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6')).toEqual(
      'h3 h4 h5 h6 h6 h6'.split(' '),
    );
    expect(levels('Assessment\n===\n\nb')).toEqual(['h3']);
  });

  test('inside a quotation or a list they are no headings of the page', () => {
    const { root } = renderMarkdown('> # a\n\n- # b\n- c');
    expect(root.querySelector('h1,h2,h3,h4,h5,h6')).toBeNull();
    expect(root.querySelectorAll('.md-heading')).toHaveLength(2);
  });
});

describe('pathological texts neither throw nor take more than a few searches a character', () => {
  const long = (part: string, length = 100_000) => part.repeat(Math.ceil(length / part.length));
  const texts: [name: string, text: string][] = [
    ['nested brackets', long('[')],
    ['nested image brackets', long('![')],
    ['links inside links', `${long('[a', 50_000)}${long('](b)', 50_000)}`],
    ['links inside links, short', `${long('[a', 9_000)}${long('](b)', 9_000)}`],
    ['emphasis, short', long('*a_', 19_000)],
    ['asterisks', long('****')],
    ['asterisks with words', long('**a ')],
    ['mixed emphasis', long('*_')],
    ['tildes', long('~~a')],
    ['backticks', long('`a``')],
    ['nested quotations', long('> ')],
    ['quotations without spaces', long('>')],
    ['nested lists', long('- ')],
    [
      'lists indented ever deeper',
      Array.from({ length: 150 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
    ],
    ['dashes just below the limit of nesting', `${'- '.repeat(39)}a\n`.repeat(20)],
    ['wide dashes just below the limit of nesting', `${'-   '.repeat(39)}\n`],
    ['angle brackets', long('<')],
    ['comments', long('<!-- ')],
    ['tags', long('<a ')],
    ['entities', long('&#')],
    ['table cells', `|a|\n|-|\n${long('|a')}`],
    ['pipes in the header', `${long('|a', 10_000)}|\n${long('|-', 10_000)}|`],
    ['reference definitions', long('[a]: b\n')],
    ['white space', long(' \n')],
    ['paragraphs of brackets', long(`${'['.repeat(19_000)}\n\n`)],
    ['openings of formulas', long('\\(')],
    ['openings of formulas, short', long('\\(\\[a', 19_000)],
    ['openings of formulas, in lines', long('$$\n')],
    ['dollars', long('$a', 19_000)],
    ['paragraphs of asterisks', long(`${'*a_'.repeat(6000)}\n\n`)],
  ];

  test.each(texts)('%s', (_, text) => {
    for (const mode of ['finished', 'streaming'] as const) {
      const { searches } = countTextWork(() => {
        expect(renderMarkdown(text, mode).root).toBeDefined();
      });
      // Up to some hundred marks of emphasis may be matched with one another; a whole text of 100,000 may not.
      expect(searches).toBeLessThan(500_000 + 10 * text.length);
      cleanup();
    }
  });
});

test('a long rule does not cost the answer its formatting', () => {
  for (const rule of ['-'.repeat(60), '*'.repeat(60), `a | b\n${'-'.repeat(50)}|---\n1 | 2`]) {
    const { root } = renderMarkdown(`**a**\n\n${rule}\n\n## b`);
    expect(root.querySelector('strong')?.textContent).toBe('a');
    expect(root.querySelector('h3')?.textContent).toBe('b');
  }
});
