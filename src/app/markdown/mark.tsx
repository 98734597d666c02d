import { createContext, type ReactNode, useContext } from 'react';
import type { TopBlock } from './tokens.ts';

/** Marks between the words of an answer, whose text stays as it is: nothing that they show is text of the page. */
export interface TextMarks {
  put(blocks: readonly TopBlock[]): TopBlock[];
  render(mark: number): ReactNode;
}

export const MarkRenderer = createContext<TextMarks['render'] | null>(null);

export function Mark({ mark }: { mark: number }) {
  return useContext(MarkRenderer)?.(mark) ?? null;
}
