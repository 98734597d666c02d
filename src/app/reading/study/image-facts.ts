import type { ErrorData, ImageFacts, PickedFile, Size } from '../../../client/index.ts';

/** A file of a study, with what its header says. */
export interface StudyFile extends PickedFile {
  facts: ImageFacts;
}

export interface Study {
  /** More come behind these while the study is read: a place names the same file for good. */
  files: readonly StudyFile[];
  /** What holds no picture, such as the index of a disc. */
  passedOver: number;
  /** Images that cannot be shown, with why. */
  refused: readonly { path: string; error: ErrorData }[];
  /** Files that were not read: not yet, or, where reading was stopped, not at all. */
  toCome: number;
  isReading: boolean;
}

export function sizeOf({ facts }: StudyFile): Size {
  return facts.size;
}
