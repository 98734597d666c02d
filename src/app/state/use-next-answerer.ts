import { useMemo } from 'react';
import { type CatalogueEntry, pathTo } from '../../client/index.ts';
import { useAttachments, useChat, useModel } from './app-context.tsx';
import { type Answerer, chooseAnswerer, nextQuestion } from './model/choose-answerer.ts';

export interface NextAnswerer extends Answerer {
  /** What would be asked follows on images that are not attached anew. */
  followsImages: boolean;
}

/** Which model will answer what is being written in the conversation that is shown. */
export function useNextAnswerer(): NextAnswerer {
  const tree = useChat(state => state.tree);
  const hasImages = useAttachments(({ attachments }) => attachments.length > 0);
  const models = useModel(state => state);
  const question = useMemo(() => nextQuestion(pathTo(tree), hasImages), [tree, hasImages]);
  return useMemo(
    () => ({ ...chooseAnswerer(question, models), followsImages: question.followsImages }),
    [question, models],
  );
}

/** The entry of that model: how it wants to be asked. */
export function useAnsweringEntry(): CatalogueEntry | null {
  return useNextAnswerer().model?.entry ?? null;
}
