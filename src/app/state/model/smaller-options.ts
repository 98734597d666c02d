import type { CatalogueEntry, ErrorData, Settings } from '../../../client/index.ts';
import { bytesOf, type ModelChoice, type ModelFiles } from './model-choice.ts';

/** What takes less of the GPU's memory than the model did that failed. */
export type SmallerOption =
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
export function smallerOptions(
  { entry, files, contextTokens }: Failed,
  settings: Pick<Settings, 'contextTokens' | 'precision'>,
  catalogue: readonly CatalogueEntry[],
): SmallerOption[] {
  const options: SmallerOption[] = [];
  if (settings.precision !== 'q8') options.push({ kind: 'coarser' });
  const shorter = Math.floor((contextTokens ?? (settings.contextTokens || entry.contextTokens)) / 2);
  if (shorter >= leastContextTokens) options.push({ kind: 'shorter', contextTokens: shorter });
  const smaller = catalogue
    .filter(
      other => other.id !== entry.id && other.file && bytesOf(siteModel(other)) < bytesOf({ entry, files }),
    )
    .sort((a, b) => bytesOf(siteModel(b)) - bytesOf(siteModel(a)));
  const model = smaller.find(({ vision }) => vision || !entry.vision) ?? smaller[0];
  if (model) options.push({ kind: 'model', entry: model });
  return options;
}

/** Whether less memory may help. */
export function isTooLarge(error: ErrorData): boolean {
  return error.code === 'out-of-memory' || error.code === 'adapter-too-small';
}

const siteModel = (entry: CatalogueEntry): ModelChoice => ({ entry, files: null });
