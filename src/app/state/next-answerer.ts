import { useMemo } from 'react';
import { type CatalogueEntry, pathTo } from '../../client/index.ts';
import { formatBytes } from '../format/quantities.ts';
import { useAttachments, useChat, useModel } from './app-context.tsx';
import { type Answerer, chooseAnswerer, nextQuestion } from './model/choose-answerer.ts';
import { isSameModel } from './model/model-identity.ts';
import { isComing, type ModelState, onDuty } from './model/model-store.ts';
import { bytesOf } from './model/smaller-plans.ts';

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

/** Who answers, and what has to be loaded for it; null where nothing can be said yet. */
export function answererInWords(answerer: NextAnswerer, state: ModelState): string | null {
  const { model, because } = answerer;
  if (state.device.status === 'failed' && state.phase !== 'ready') return null;
  if (!model) {
    return because === 'images'
      ? 'No model that sees images is here: what is attached cannot be answered.'
      : null;
  }
  const { name } = model.entry;
  const isOnDuty = isSameModel(model, onDuty(state));
  if (isOnDuty && (state.phase === 'empty' || state.phase === 'failed')) return null;
  if (isOnDuty && state.phase === 'ready') return `${name} answers`;
  if (isOnDuty && isComing(state.phase)) return `${name} answers as soon as it is loaded`;
  const size = formatBytes(bytesOf(model)).replace(' ', '\u00a0');
  return `${name} will be loaded to answer (${size})`;
}

/** Why it is not the model that the reader means; null where it is, or where there is nothing to add. */
export function reasonInWords({ model, because, followsImages }: NextAnswerer): string | null {
  if (!model) return null;
  if (because === 'images') return 'an image is attached';
  if (because === 'earlier images') return 'this conversation is about an image';
  return followsImages && !model.entry.vision ? 'it is not shown the images above' : null;
}
