import type { CatalogueEntry, ErrorData, Settings } from '../../../client/index.ts';
import { bytesOf, type ModelChoice, type ModelFiles } from './model-choice.ts';

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
