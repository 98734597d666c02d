import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { Markdown, StreamingMarkdown } from '../markdown/markdown.tsx';
import { AppProvider } from '../state/app-context.tsx';
import { type App, createApp } from '../state/create-app.ts';
import { FakeServices } from './fake-services.ts';

export interface RenderedMarkdown {
  app: App;
  container: Element;
  root: Element;
  /** The blocks, in order. */
  blocks(): Element[];
  /** The same answer, with another text. */
  update(text: string): void;
}

/** An answer's text alone on the page. */
export function renderMarkdown(text: string, mode: 'finished' | 'streaming' = 'finished'): RenderedMarkdown {
  const app = createApp(new FakeServices());
  const Answer = mode === 'finished' ? Markdown : StreamingMarkdown;
  const page = (shown: string): ReactElement => (
    <AppProvider value={app}>
      <Answer text={shown} />
    </AppProvider>
  );
  const { container, rerender } = render(page(text));
  const root = container.querySelector('.markdown');
  if (!root) throw new Error('no Markdown was rendered');
  return {
    app,
    container,
    root,
    blocks: () => [...root.children],
    update: next => rerender(page(next)),
  };
}

/** The text of a finished answer, white space aside: made without a document, for thousands of texts. */
export function shownText(text: string): string {
  const markup = renderToStaticMarkup(
    <AppProvider value={staticApp}>
      <Markdown text={text} />
    </AppProvider>,
  );
  const shown = markup
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|#x27);/g, entity => characters[entity] ?? '');
  return withoutSpace(shown);
}

const staticApp = createApp(new FakeServices());
const characters: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

export const withoutSpace = (text: string) => text.replace(/\s+/g, '');
