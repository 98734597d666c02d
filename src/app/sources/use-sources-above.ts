import { useMemo } from 'react';
import { type Message, pathTo, type SourceText } from '../../client/index.ts';
import { useChat } from '../state/app-context.tsx';

const none: readonly SourceText[] = [];

/** The texts of the questions on the way to an answer: what it can be from. */
export function useSourcesAbove({ parentId }: Message): readonly SourceText[] {
  const messages = useChat(({ tree }) => tree.messages);
  const tree = useChat(state => state.tree);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which branch is shown is no matter here
  return useMemo(() => {
    if (!messages.some(({ sources }) => sources)) return none;
    const found = pathTo(tree, parentId).flatMap(({ sources }) => sources ?? []);
    return found.length > 0 ? found : none;
  }, [messages, parentId]);
}
