// @vitest-environment jsdom
import { act, cleanup } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { markdownAsHtml } from '../exchange/markdown-html.ts';
import { formulaAsMarkup } from '../formulas/formula-markup.ts';
import { renderMarkdown } from '../testing/render-markdown.tsx';
import { loadFormulas } from './formula.tsx';
import { formulaAt } from './formula-at.ts';
import { parseBlocks } from './parse-blocks.ts';
import { tableAsCsv } from './table-text.ts';

afterEach(cleanup);

test('a formula is its source until what sets it is there, and MathML then', async () => {
  const { root } = renderMarkdown('Mass $x^2$ now.');
  expect(root.textContent).toBe('Mass $x^2$ now.');
  await act(loadFormulas);
  expect(root.querySelector('.formula > math')?.textContent).toBe('x2');
  expect(root.querySelector<HTMLElement>('.formula')?.dataset.formula).toBe('$x^2$');
});

describe('where a formula stands', () => {
  test.each([
    ['$x$', 'x', false],
    ['$x_1 + y$, then', 'x_1 + y', false],
    ['$\\alpha$.', '\\alpha', false],
    ['$0.05$', '0.05', false],
    ['$2 + 2 = 4$', '2 + 2 = 4', false],
    ['$n-1$', 'n-1', false],
    ['$5 \\pm 2$', '5 \\pm 2', false],
    ['$\\text{a costs \\$5}$', '\\text{a costs \\$5}', false],
    ['$$x = 1$$', 'x = 1', true],
    ['\\(x\\)', 'x', false],
    ['\\(a = 1 \\\\ b\\)', 'a = 1 \\\\ b', false],
    ['\\[ x^2 \\] where', 'x^2', true],
  ])('%s', (text, tex, isDisplay) => {
    expect(formulaAt(text, 0)).toMatchObject({ tex, isDisplay });
  });

  test.each([
    '$ x$',
    '$x $',
    '$x$5',
    '$12',
    '$x^2\n$',
    '$$x',
    '\\(x',
    '\\[1\\]',
    '$$$x$$$',
    '$$ to $$$',
    '\\()',
  ])('%s is none', text => {
    expect(formulaAt(text, 0)).toBeNull();
  });

  test('not in code, nor behind a letter or a figure', () => {
    const { root } = renderMarkdown('`$x^2$` and US$x^2$ and 5$x^2$\n\n```\n$x^2$\n```\n\n    $x^2$');
    expect(root.querySelector('math')).toBeNull();
  });
});

test('in headings, lists, quotations, tables and bold words', () => {
  const text =
    '## Of $a_1$\n\n- is $b_1$\n- is $c_1$\n\n> So $d_1$\n\n| x | y |\n| - | - |\n| $e_1$ | **$f_1$** |';
  const { root } = renderMarkdown(text);
  expect([...root.querySelectorAll('math')].map(each => each.textContent)).toEqual([
    'a1',
    'b1',
    'c1',
    'd1',
    'e1',
    'f1',
  ]);
  const table = parseBlocks(text).find(block => block.type === 'table');
  expect(table?.type === 'table' && tableAsCsv(table)).toBe('x,y\r\n$e_1$,$f_1$');
});

test.each(['$$', '\\['])(
  '%s on lines of its own, in a list too, with what its lines would be otherwise',
  open => {
    const close = open === '$$' ? '$$' : '\\]';
    const { root } = renderMarkdown(
      `Then\n${open}\na\n- b\n+ c\n= d\n${close}.\n\n- so:\n  ${open}\n  x\n  > y\n  ${close}\n- z`,
    );
    expect([...root.querySelectorAll('math')].map(each => each.textContent)).toEqual(['a−b+c=d', 'x>y']);
    expect(root.querySelectorAll('blockquote')).toHaveLength(0);
  },
);

test('as it is written it is text, and nothing else, until its end stands there', () => {
  const rendered = renderMarkdown('', 'streaming');
  const text = 'Then:\n\n$$\na_1 *b*\n- c_1\n$$\n\nand $x_1 * y_1$ so.';
  for (let end = 1; end <= text.length; end++) {
    rendered.update(text.slice(0, end));
    expect(rendered.root.querySelector('li, em, blockquote, hr'), text.slice(0, end)).toBeNull();
  }
  expect(rendered.root.querySelectorAll('math')).toHaveLength(2);
});

test('exported pages have MathML with its source, and nothing that acts', () => {
  const html = markdownAsHtml('So $x^2 < 5$ and $\\foo$\n\n$$\n\\frac{1}{2}\n$$.', formulaAsMarkup);
  expect(html).toContain(
    '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="$x^2 &lt; 5$"><semantics><mrow><mrow><msup><mi>x</mi><mn>2</mn></msup>',
  );
  expect(html).toContain('<annotation encoding="application/x-tex">x^2 &lt; 5</annotation>');
  expect(html).toContain('$\\foo$');
  expect(html).toMatch(/<p><math [^>]*display="block"[^>]*>.*<\/math>\.<\/p>/s);
});

test('what is selected is copied with the source of its formulas', () => {
  const { root } = renderMarkdown('The sum $x^2$ is.\n\nThe other.');
  const selection = getSelection()!;
  selection.selectAllChildren(root);
  const copied: string[] = [];
  const event = new Event('copy', { bubbles: true, cancelable: true });
  Object.defineProperty(event, 'clipboardData', {
    value: { setData: (type: string, text: string) => copied.push(type, text) },
  });
  root.dispatchEvent(event);
  expect(copied).toEqual(['text/plain', 'The sum $x^2$ is.\nThe other.']);
  expect(event.defaultPrevented).toBe(true);
});
