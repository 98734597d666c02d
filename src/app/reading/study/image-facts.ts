import type { ErrorData, ImageFacts, PickedFile, Size } from '../../../client/index.ts';

/** A file of a study, with what its header says. */
export interface StudyFile extends PickedFile {
  facts: ImageFacts;
}

export interface Study {
  files: readonly StudyFile[];
  /** What holds no picture, such as the index of a disc. */
  passedOver: number;
  /** Images that cannot be shown, with why. */
  refused: readonly { path: string; error: ErrorData }[];
}

export function sizeOf({ facts }: StudyFile): Size {
  return facts.size;
}
