import {
  type CatalogueEntry,
  claimFile,
  contradictionInWords,
  knownSizes,
  ownEntry,
  type PlanModelRequest,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';
import type { ModelFiles } from './model-choice.ts';
import { keyOfFiles } from './model-identity.ts';
import { sourceOf } from './picked-model.ts';

export interface OwnModel {
  entry: CatalogueEntry;
  /** Why it is not what it was opened as; undefined where nothing that it says contradicts that. */
  contradiction: string | undefined;
}

/**
 * What the reader's files are by their own word, whatever they were opened as. Rejects with what is wrong with them: they may be
 * no model files, or not all there.
 */
export async function describeOwnModel(
  files: ModelFiles,
  openedAs: CatalogueEntry,
  engine: Services['engine'],
  catalogue: readonly CatalogueEntry[],
  plan: Pick<PlanModelRequest, 'precision' | 'contextTokens'>,
): Promise<OwnModel> {
  const described = await engine.describeModel({
    source: sourceOf(files.file),
    ...(files.visionFile ? { vision: sourceOf(files.visionFile) } : {}),
    ...plan,
    knownSizes: knownSizes(catalogue),
  });
  const claim = claimFile(described, catalogue);
  const entry = ownEntry(described, claim, keyOfFiles(files, described));
  return { entry, contradiction: contradictionInWords(described.identity, openedAs)?.text };
}
