// @vitest-environment jsdom
import { cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { hostileTexts } from '../testing/hostile-texts.ts';
import { type RenderedMarkdown, renderMarkdown } from '../testing/render-markdown.tsx';
import { sampleAnswer } from '../testing/sample-answer.ts';

afterEach(cleanup);

function stream(text: string, step = 1, onStep?: (rendered: RenderedMarkdown) => void): RenderedMarkdown {
  const rendered = renderMarkdown('', 'streaming');
  for (let length = step; length < text.length + step; length += step) {
    rendered.update(text.slice(0, length));
    onStep?.(rendered);
  }
  return rendered;
}

test.each([1, 2, 7, 50])('written %i characters at a time, it ends as the whole', step => {
  expect(stream(sampleAnswer, step).root.innerHTML).toBe(renderMarkdown(sampleAnswer).root.innerHTML);
});

test.each([
  ['loose list', '- a\n\n- b\n\n  more\n\n- c\n\nd\n\ne\n\nf'],
  ['numbered list with paragraphs', '1. a\n\n   b\n\n2. c\n\n   ```\n   d\n\n   e\n   ```\n\nf\n\ng'],
  ['code with blank lines', 'a\n\n```\nb\n\nc\n\nd\n\ne\n\nf\n```\n\ng'],
  ['quotation with blank lines', '> a\n>\n> b\n\nc\n\n> d\n\ne\n\nf'],
  ['html block', 'a\n\n<div>\n\nb\n\n</div>\n\nc\n\nd\n\ne'],
  ['carriage returns', 'a\r\n\r\n**b**\r\n\r\nc\r\n\r\nd\r\n'],
  ['tabs', '-\ta\n\n\tb\n\nc\n\n\td\n\ne\n\nf'],
  ['setext headings', 'a\n===\n\nb\n\nc\n---\n\nd\n\ne'],
  ['operators', 'a < b and 2 * 3 and x_1 and 5 ~ 6 and 20~25.\n\n- > 25\n- < 5'],
])('%s: it ends as the whole', (_, text) => {
  expect(stream(text).root.innerHTML).toBe(renderMarkdown(text).root.innerHTML);
});

test('blocks before the last ones keep their nodes', () => {
  const paragraphs = Array.from({ length: 12 }, (_, index) => `Paragraph **${index}** of twelve.`);
  const text = paragraphs.join('\n\n');
  let earlier: Element[] = [];
  stream(text, 1, ({ blocks }) => {
    const now = blocks();
    // The block being written and the one before it may still change.
    for (const [index, block] of earlier.slice(0, -2).entries()) expect(now[index]).toBe(block);
    earlier = now;
  });
  expect(earlier).toHaveLength(12);
});

test('a comparison sign neither hides what follows nor becomes a quotation', () => {
  const { root } = renderMarkdown('If INR <target and so on, wait', 'streaming');
  expect(root.textContent).toBe('If INR <target and so on, wait');
  for (const mode of ['finished', 'streaming'] as const) {
    const list = renderMarkdown('- > 25 mg\n- >= 3.5\n- >$5\n- > a quotation\n- > 1. a list', mode).root;
    const items = [...list.querySelectorAll('li')].map(item => item.textContent);
    expect(items.slice(0, 3)).toEqual(['> 25 mg', '>= 3.5', '>$5']);
    expect(list.querySelectorAll('blockquote')).toHaveLength(2);
  }
});

test('no word that is written disappears for good, and emphasis is closed while it is open', () => {
  const { root, update } = renderMarkdown('A **bold cla', 'streaming');
  expect(root.querySelector('strong')?.textContent).toBe('bold cla');
  update('A **bold claim** and `co');
  expect(root.querySelector('code')?.textContent).toBe('co');
  update('A **bold claim** and `code`.');
  expect(root.textContent).toBe('A bold claim and code.');
});

test('an unfinished link shows its text and no address', () => {
  const { root } = renderMarkdown('See [the guideline](https://guideline.te', 'streaming');
  expect(root.textContent).toBe('See the guideline');
  expect(root.querySelector('button')).toBeNull();
});

test('another text in the same place starts afresh', () => {
  const rendered = stream('a\n\nb\n\nc\n\nd\n\ne\n\nf');
  rendered.update('# Other');
  expect(rendered.root.innerHTML).toBe('<h3 dir="auto">Other</h3>');
  rendered.update('');
  expect(rendered.root.innerHTML).toBe('');
});

test('a hostile answer ends as the whole, written piece by piece', () => {
  const corpus = hostileTexts.map(({ markdown }) => markdown).filter(text => !text.includes('[r]'));
  // Unterminated blocks would swallow what follows: each ends in a paragraph of its own.
  for (const text of corpus) {
    const ended = `${text}\n\nThe end.`;
    expect(stream(ended, 5).root.textContent).toBe(renderMarkdown(ended).root.textContent);
    cleanup();
  }
});
