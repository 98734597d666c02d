/** Places that an answer names in the picture that it is about. */
import {
  type Agreement,
  agreementOf,
  answerOf,
  type FoundPlace,
  findPlaces,
  imageKey,
  type Message,
  type MessageImage,
  placeInImage,
  plainPresentation,
  presentedSize,
  type RegionShape,
} from '../../../client/index.ts';
import { placeInWords } from '../../format/places.ts';
import { type DrawnShape, marksShown } from './drawn-shapes.ts';

export interface AnswerPlace extends Pick<FoundPlace, 'label' | 'place'> {
  /** In the list and beside the picture, from 1. */
  number: number;
  /** With the reader's own mark that it agrees with best; null where there is none. */
  agreement: { with: ReadersMark; found: Agreement } | null;
}

/** A region with a number, or the one that was asked about. */
export type ReadersMark = { kind: 'mark'; number: number } | { kind: 'asked' };

/**
 * The images in which an answer may name places, as it was shown them: those of its question where it saw them, else all that it saw.
 * With several nothing says which one it means. `path` leads to the answer.
 */
export function imagesToPointAt(path: readonly Message[], answer: Message): MessageImage[] {
  if (answer.withoutImages) return [];
  const question = path.findLast(({ role }) => role === 'user');
  const asked = question?.images ?? [];
  // Until the answer has ended it is not stored what it saw.
  if (!answer.vision) return answer.stopReason ? [] : [...asked];
  const known = path.flatMap(({ images = [] }) => images);
  const seen = answer.vision.images.flatMap(({ id, presentation }): MessageImage[] => {
    const key = imageKey(id, presentation);
    const same = known.findLast(image => imageKey(image.id, image.presentation) === key);
    const file = same ?? known.find(image => image.id === id);
    if (!file) return [];
    const { regions, presentation: _, ...rest } = file;
    return [{ ...rest, ...(presentation && { presentation }), ...(same && regions && { regions }) }];
  });
  const ofQuestion = seen.filter(({ id, presentation }) =>
    asked.some(image => imageKey(image.id, image.presentation) === imageKey(id, presentation)),
  );
  return ofQuestion.length > 0 ? ofQuestion : seen;
}

/** Of an answer without its thought, in pixels of the picture that is shown of the image. */
export function foundIn(answer: string, image: MessageImage): FoundPlace[] {
  return findPlaces(answer, presentedSize(image, image.presentation ?? plainPresentation));
}

/** What an answer that has ended names in the picture of an image, compared with what is marked there. `text`: the whole of it. */
export function placesIn(text: string, image: MessageImage): AnswerPlace[] {
  const { presentation = plainPresentation } = image;
  const upright = { width: image.width, height: image.height };
  return foundIn(answerOf(text), image).map(({ label, place }, at) => ({
    number: at + 1,
    label,
    place,
    agreement: bestAgreement(placeInImage({ place }, upright, presentation), image),
  }));
}

function bestAgreement(place: FoundPlace['place'], image: MessageImage): AnswerPlace['agreement'] {
  const region = image.presentation?.region;
  const marks: [ReadersMark, RegionShape][] = [
    ...marksShown(image).map(({ number, shape }): [ReadersMark, RegionShape] => [
      { kind: 'mark', number },
      shape,
    ]),
    ...(region ? [[{ kind: 'asked' }, { kind: 'box', extent: region }] as [ReadersMark, RegionShape]] : []),
  ];
  const compared = marks.map(([mark, shape]) => ({ with: mark, found: agreementOf(place, shape) }));
  return compared.sort((a, b) => rank(b.found) - rank(a.found))[0] ?? null;
}

/** Greater is better; of different kinds an overlap tells most. */
function rank(agreement: Agreement): number {
  switch (agreement.kind) {
    case 'overlap':
      return agreement.share > 0 ? 2 + agreement.share : -1;
    case 'hit':
      return agreement.isInside ? 1 : -1;
    case 'distance':
      return 1 / (1 + agreement.pixels) - 1;
  }
}

export function drawnPlaces(places: readonly AnswerPlace[]): DrawnShape[] {
  return places.map(({ number, label, place }) => ({
    shape: place,
    label: `${number}`,
    by: 'model',
    words: `Place ${number}${label && `, ${label}`}: ${placeInWords(place)}`,
  }));
}
