import { bytesOfEntry, type CatalogueEntry, type ErrorData, type Settings } from '../../../client/index.ts';
import type { ModelChoice, ModelFiles } from './model-store.ts';
import { sizeOf } from './picked-model.ts';

/** What takes less of the GPU's memory than the model did that failed. */
export type SmallerPlan =
  | { kind: 'shorter'; contextTokens: number }
  | { kind: 'coarser' }
  | { kind: 'model'; entry: CatalogueEntry };

interface Failed {
  entry: CatalogueEntry;
  files: ModelFiles | null;
  /** As long as the model was loaded for, where it was. */
  contextTokens?: number | undefined;
}

/** Below this hardly a question with its answer fits. */
const leastContextTokens = 512;

/** The mildest first. */
export function smallerPlans(
  { entry, files, contextTokens }: Failed,
  settings: Pick<Settings, 'contextTokens' | 'precision'>,
  catalogue: readonly CatalogueEntry[],
): SmallerPlan[] {
  const plans: SmallerPlan[] = [];
  if (settings.precision !== 'q8') plans.push({ kind: 'coarser' });
  const shorter = Math.floor((contextTokens ?? (settings.contextTokens || entry.contextTokens)) / 2);
  if (shorter >= leastContextTokens) plans.push({ kind: 'shorter', contextTokens: shorter });
  const smaller = catalogue
    .filter(
      other => other.id !== entry.id && other.file && bytesOf(siteModel(other)) < bytesOf({ entry, files }),
    )
    .sort((a, b) => bytesOf(siteModel(b)) - bytesOf(siteModel(a)));
  const model = smaller.find(({ vision }) => vision || !entry.vision) ?? smaller[0];
  if (model) plans.push({ kind: 'model', entry: model });
  return plans;
}

/** Whether less memory may help. */
export function isTooLarge(error: ErrorData): boolean {
  return error.code === 'out-of-memory' || error.code === 'adapter-too-small';
}

const siteModel = (entry: CatalogueEntry): ModelChoice => ({ entry, files: null });

/** Of all its files; of one that is not here, about as much as they are expected to have. */
export function bytesOf({ entry, files }: ModelChoice): number {
  if (files) return sizeOf(files.file) + (files.visionFile ? sizeOf(files.visionFile) : 0);
  return bytesOfEntry(entry);
}
