/** A model that the reader shows to the page, to be described before anything is done with it. */
import {
  type CatalogueEntry,
  type ModelFileRecord,
  subjectOfNames,
  type TermsSubject,
} from '../../../client/index.ts';
import type { DescribedFiles } from './describe-files.ts';
import type { ModelFiles } from './model-choice.ts';
import { nameOf } from './picked-model.ts';

/** Files of this device, or files on a server of which only the beginning is read. */
export type Offer = FileOffer | RemoteOffer;

export interface FileOffer {
  kind: 'files';
  files: ModelFiles;
  /** What came with them from another Bedside: by it a copy is compared with the original. */
  description?: File;
  /** The entry whose own button they were opened by. */
  openedAs?: CatalogueEntry;
}

export interface RemoteOffer {
  kind: 'remote';
  name: string;
  /** One file, or in order the parts that it was split into. */
  text: ModelFileRecord[];
  vision?: ModelFileRecord[];
}

/** What an offer turned out to be. */
export interface DescribedOffer extends DescribedFiles {
  /** Why it is not what it was opened as; null where nothing says so. */
  contradiction: string | null;
}

/** By what it is called, as long as nobody could look at it. */
export function subjectOfUnseen({ name, text, vision = [] }: RemoteOffer): TermsSubject {
  return subjectOfNames(
    name,
    [...text, ...vision].map(({ url }) => url),
  );
}

/** What the reader knows it by before it is described. */
export function offeredName(offer: Offer): string {
  if (offer.kind === 'remote') return offer.name;
  const { file, visionFile } = offer.files;
  return visionFile ? `${nameOf(file)} and ${nameOf(visionFile)}` : nameOf(file);
}
