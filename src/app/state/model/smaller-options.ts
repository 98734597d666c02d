import type { CatalogueEntry, ErrorData, Precision, Settings } from '../../../client/index.ts';
import { bytesOf, type ModelChoice, type ModelFiles } from './model-choice.ts';

/** What takes less of the GPU's memory than the model did that failed. */
export type SmallerOption =
  | { kind: 'shorter'; contextTokens: number }
  | { kind: 'coarser'; precision: Precision }
  | { kind: 'model'; entry: CatalogueEntry };

interface Failed {
  entry: CatalogueEntry;
  files: ModelFiles | null;
  /** As long as the model was loaded for, where it was. */
  contextTokens?: number | undefined;
}

/** Below this hardly a question with its answer fits. */
const leastContextTokens = 512;

/** What holds the conversation in about half as much. */
const coarser: Readonly<Record<Precision, Precision | undefined>> = {
  f32: 'f16',
  f16: 'q8',
  q8: 'q4',
  q4: undefined,
};

/** The mildest first. */
export function smallerOptions(
  { entry, files, contextTokens }: Failed,
  settings: Pick<Settings, 'contextTokens' | 'precision'>,
  catalogue: readonly CatalogueEntry[],
): SmallerOption[] {
  const options: SmallerOption[] = [];
  const precision = coarser[settings.precision];
  if (precision && precision !== 'q4') options.push({ kind: 'coarser', precision });
  const shorter = Math.floor((contextTokens ?? (settings.contextTokens || entry.contextTokens)) / 2);
  if (shorter >= leastContextTokens) options.push({ kind: 'shorter', contextTokens: shorter });
  // Shorter conversations are answered as before; with 4 bits answers are other ones.
  if (precision === 'q4') options.push({ kind: 'coarser', precision });
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

/** Whether a quicker model helps. */
export function isTooSlow({ code }: ErrorData): boolean {
  return code === 'too-slow' || code === 'slow-model';
}

const siteModel = (entry: CatalogueEntry): ModelChoice => ({ entry, files: null });
