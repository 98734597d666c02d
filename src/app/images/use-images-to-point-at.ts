import { useMemo } from 'react';
import { type Message, type MessageImage, pathTo } from '../../client/index.ts';
import { useChat } from '../state/app-context.tsx';
import { imagesToPointAt } from '../state/images/answer-places.ts';

/** The images in which an answer may name places; the same ones as long as it is about the same. */
export function useImagesToPointAt(answer: Message): readonly MessageImage[] {
  const tree = useChat(state => state.tree);
  return useMemo(() => imagesToPointAt(pathTo(tree, answer.id), answer), [tree, answer]);
}
