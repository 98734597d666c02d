// @vitest-environment jsdom
import { cleanup, fireEvent } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { type HostileText, hostileTexts } from '../testing/hostile-texts.ts';
import { type RenderedMarkdown, renderMarkdown } from '../testing/render-markdown.tsx';

afterEach(cleanup);

/** All that an answer may be made of: what is not here was made by the text. */
const allowedElements = new Set(
  'div p h3 h4 h5 h6 strong em del code pre span br button ul ol li blockquote hr table thead tbody tr th td'.split(
    ' ',
  ),
);
const allowedAttributes = new Set(
  'class type role tabindex dir scope start value colspan style title aria-label'.split(' '),
);
allowedAttributes.add('aria-hidden');
/** What the page itself writes into the attributes that could carry text. */
const copies = new Set(['Copy code', 'Copy table', 'Copy table as CSV']);
const ownTexts = new Set([...copies, 'Table']);

function expectInert(root: Element): void {
  for (const element of root.querySelectorAll('*')) {
    const button = element.closest('svg')?.parentElement;
    const isOwnIcon = button?.localName === 'button' && copies.has(button.getAttribute('aria-label') ?? '');
    if (isOwnIcon) continue;
    expect(allowedElements).toContain(element.localName);
    for (const { name, value } of element.attributes) {
      expect(allowedAttributes).toContain(name);
      if (name === 'style') expect(value).toMatch(/^text-align: (left|center|right);$/);
      if (name === 'title' || name === 'aria-label') expect(ownTexts).toContain(value);
      if (name === 'class') expect(value).toMatch(/^(md-[a-z-]+|icon-button|visually-hidden)$/);
    }
  }
}

function linksOf({ app, root }: RenderedMarkdown): string[] {
  return [...root.querySelectorAll('.md-link')].map(link => {
    fireEvent.click(link);
    const { dialog, closeDialog } = app.ui.getState();
    closeDialog();
    return dialog?.kind === 'link' ? dialog.url : 'no dialog';
  });
}

test('the corpus is large and has no name twice', () => {
  expect(hostileTexts.length).toBeGreaterThanOrEqual(40);
  expect(new Set(hostileTexts.map(({ name }) => name)).size).toBe(hostileTexts.length);
});

describe.each(['finished', 'streaming'] as const)('%s', mode => {
  test.each(hostileTexts)('$name', ({ markdown, shows, links = [] }: HostileText) => {
    const rendered = renderMarkdown(markdown, mode);
    expectInert(rendered.root);
    // While it is written, an unfinished tag or link at the very end is held back.
    if (mode === 'finished' && shows) expect(rendered.root.textContent).toContain(shows);
    expect(linksOf(rendered)).toEqual(links);
  });

  test('all of them in one answer', () => {
    const rendered = renderMarkdown(hostileTexts.map(({ markdown }) => markdown).join('\n\n'), mode);
    expectInert(rendered.root);
  });
});

test('every beginning of every text is inert while it is written', () => {
  for (const { markdown } of hostileTexts) {
    const rendered = renderMarkdown('', 'streaming');
    for (let length = 1; length <= markdown.length; length += 3) {
      rendered.update(markdown.slice(0, length));
      expectInert(rendered.root);
    }
    cleanup();
  }
});
