import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { Markdown, StreamingMarkdown } from '../markdown/markdown.tsx';
import { AppProvider } from '../state/app-context.tsx';
import { type App, createApp } from '../state/create-app.ts';
import { FakeServices } from './fake-services.ts';

export interface RenderedMarkdown {
  app: App;
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
    root,
    blocks: () => [...root.children],
    update: next => rerender(page(next)),
  };
}
