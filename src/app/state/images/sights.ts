/** What models saw of an image, as the answers have stored it. */
import type { ImageUse, Message, VisionUse } from '../../../client/index.ts';
import { authorOf } from '../../format/author.ts';

/** What one model was given of one image. */
export interface Sight extends Pick<ImageUse, 'views' | 'keptTokens'> {
  /** Of the answer among those of the branch, from 1. */
  answer: number;
  /** The name of the model. */
  model?: string;
}

/** @param tileSize a tile's side in pixels, for what earlier versions stored without it */
export function sightOf(answer: Message, use: ImageUse, place: number, tileSize?: number): Sight {
  const { views, keptTokens } = use;
  const author = authorOf(answer);
  const known = tileSize === undefined ? {} : { tile: { width: tileSize, height: tileSize } };
  return {
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
export function sightsOfQuestion(path: readonly Message[], questionId: string, imageId: string): Sight[] {
  const start = path.findIndex(({ id }) => id === questionId);
  const answers = path.filter(({ role }) => role === 'assistant');
  const sights = new Map<string, Sight>();
  for (const answer of path.slice(start + 1)) {
    const use = answer.role === 'assistant' && findUse(answer.vision, imageId);
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

function findUse(vision: VisionUse | undefined, imageId: string): ImageUse | undefined {
  return vision?.images.find(({ id }) => id === imageId);
}
