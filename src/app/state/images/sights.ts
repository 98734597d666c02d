/** What models saw of an image, as the answers have stored it. */
import {
  type ImageUse,
  imageKey,
  type Message,
  type MessageImage,
  type VisionUse,
} from '../../../client/index.ts';
import { authorOf } from '../../format/author.ts';

/** What one model was given of one image. */
export interface Sight extends Pick<ImageUse, 'presentation' | 'views' | 'keptTokens'> {
  /** Of the answer among those of the branch, from 1. */
  answer: number;
  /** The name of the model. */
  model?: string;
}

/** @param tileSize a tile's side in pixels, for what earlier versions stored without it */
export function sightOf(answer: Message, use: ImageUse, place: number, tileSize?: number): Sight {
  const { presentation, views, keptTokens } = use;
  const author = authorOf(answer);
  const known = tileSize === undefined ? {} : { tile: { width: tileSize, height: tileSize } };
  return {
    ...(presentation ? { presentation } : {}),
    views: views.map(view => ({ ...known, ...view })),
    keptTokens,
    answer: place,
    ...(author === undefined ? {} : { model: author }),
  };
}

/**
 * What the answers of a branch saw of an image of `questionId`, beginning with the answer to it; each way of seeing it
 * once.
 */
export function sightsOfQuestion(
  path: readonly Message[],
  questionId: string,
  image: Pick<MessageImage, 'id' | 'presentation'>,
): Sight[] {
  const start = path.findIndex(({ id }) => id === questionId);
  const answers = path.filter(({ role }) => role === 'assistant');
  const sights = new Map<string, Sight>();
  for (const answer of path.slice(start + 1)) {
    const use = answer.role === 'assistant' && findUse(answer.vision, image);
    if (!use) continue;
    const sight = sightOf(answer, use, answers.indexOf(answer) + 1);
    const { answer: _, ...seen } = sight;
    const key = JSON.stringify([answer.modelKey ?? null, seen]);
    if (!sights.has(key)) sights.set(key, sight);
  }
  return [...sights.values()];
}

/** The model that answered a question of a branch without seeing its images. */
export function blindAnswererOf(path: readonly Message[], questionId: string): string | undefined {
  const answer = path[path.findIndex(({ id }) => id === questionId) + 1];
  return answer && !answer.vision && answer.text ? authorOf(answer) : undefined;
}

/** As it is shown there: another window of the same file is another image. */
function findUse(
  vision: VisionUse | undefined,
  { id, presentation }: Pick<MessageImage, 'id' | 'presentation'>,
): ImageUse | undefined {
  const key = imageKey(id, presentation);
  return vision?.images.find(use => imageKey(use.id, use.presentation) === key);
}
