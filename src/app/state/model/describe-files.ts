import {
  BedsideError,
  type CatalogueEntry,
  claimFile,
  type DescribedModel,
  type FileClaim,
  knownSizes,
  ownEntry,
  type PlanModelRequest,
  sentence,
} from '../../../client/index.ts';
import type { Services } from '../../services/services.ts';

/** What the files of a model turned out to be. */
export interface DescribedFiles extends DescribedModel {
  /** As it will be listed, shown and asked. */
  entry: CatalogueEntry;
  claim: FileClaim;
}

/**
 * What files are by their own word and by what the catalogue knows. Rejects with what is wrong with them: they may be no model
 * files, or not all there.
 * @param keyOf the same for the same files
 * @param expected SHA-256 of the language half's files, where they are fetched and complete only with it
 */
export async function describeFiles(
  request: PlanModelRequest,
  keyOf: (described: DescribedModel) => string,
  engine: Services['engine'],
  catalogue: readonly CatalogueEntry[],
  expected?: readonly string[],
): Promise<DescribedFiles> {
  const found = await engine.describeModel({ ...request, knownSizes: knownSizes(catalogue) });
  const { identity } = found;
  const described = expected ? { ...found, identity: { ...identity, sha256: [...expected] } } : found;
  if (described.vision && described.vision.architecture !== 'clip') throw twoModels(described);
  const claim = claimFile(described, catalogue);
  return { ...described, claim, entry: ownEntry(described, claim, keyOf(described)) };
}

function twoModels({ identity, vision }: DescribedModel): BedsideError {
  return new BedsideError(
    'vision-mismatch',
    sentence`two-language-models: These are two models, ${{ one: identity.name }} and ${{ other: vision?.name ?? '' }}, and not the two halves of one.`,
    'Open one of them. The image half of a model that sees images has “mmproj” in its name.',
  );
}
