import { BedsideError } from '../errors.ts';
import { sentence } from '../sentence.ts';
import type { CheckpointFolder } from './checkpoint-folder.ts';
import { readWeightMap, weightForms } from './checkpoint-tensors.ts';
import type { PlannedRead } from './gguf-stream.ts';

/** A checkpoint's folder whose names are known. */
export interface CheckpointListing extends CheckpointFolder {
  readonly names: readonly string[];
  /** On a server, not on this device. */
  readonly isRemote: boolean;
  /** Changes when the file does; undefined where that cannot be told. */
  versionOf(name: string): string | undefined;
  /** Hears what of its files will be read next, and in which order. */
  expect?(reads: Iterable<PlannedRead>): void;
}

const settingsFile = 'config.json';
const partOfSeveral = /-\d{5}-of-\d{5}\.\w+$/;

/**
 * Refuses a checkpoint that lacks files, and says which.
 * @throws BedsideError `no-model`, or `invalid-model` where an index of weights cannot be read
 */
export async function requireWholeCheckpoint(folder: CheckpointListing): Promise<void> {
  const missing: string[] = [];
  const need = (...alternatives: string[]) => {
    if (!alternatives.some(name => folder.names.includes(name))) missing.push(alternatives.join(' or '));
  };
  need(settingsFile);
  need('tokenizer.model', 'tokenizer.json');
  need('tokenizer_config.json', 'added_tokens.json');
  missing.push(...(await listMissingWeights(folder)));
  if (missing.length === 0) return;
  const names = missing.join(', ');
  throw folder.isRemote
    ? new BedsideError(
        'no-model',
        sentence`no-whole-model-at-address: At this address there is no whole model. Missing: ${{ missing: names }}.`,
        'Check the address: it must be that of the folder with every file that the model’s publisher lists.',
      )
    : new BedsideError(
        'no-model',
        sentence`no-whole-model-chosen: The chosen files are not a whole model. Missing: ${{ missing: names }}.`,
        'Choose the model’s whole folder, with every file that its publisher lists, or add the missing files to your choice.',
      );
}

async function listMissingWeights(folder: CheckpointListing): Promise<string[]> {
  const has = (name: string) => folder.names.includes(name);
  for (const form of weightForms) {
    if (has(form.whole)) return [];
    const fileOf = await readWeightMap(folder, form);
    if (fileOf !== undefined) return [...new Set(fileOf.values())].filter(name => !has(name)).sort();
  }
  for (const { part, index } of weightForms) {
    if (folder.names.some(name => part.test(name) && partOfSeveral.test(name))) return [index];
  }
  return [weightForms.map(({ whole }) => whole).join(' or ')];
}
