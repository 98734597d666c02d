import { BedsideError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { parsePytorchCheckpoint } from '../formats/pytorch-checkpoint.ts';
import { parseSafetensors } from '../formats/safetensors.ts';
import type { TensorEntry } from '../formats/tensor-entry.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson, refuseStandIn } from './checkpoint-folder.ts';

/** A form in which weights are published: one file, or an index and the files that it lists. */
export interface WeightForm {
  whole: string;
  index: string;
  /** Names of files that an index may list: without a path, which could lead out of the folder. */
  part: RegExp;
  parse(source: ByteSource): Promise<Map<string, TensorEntry>>;
}

/** In the order of preference: safetensors files need no pickle. */
export const weightForms: readonly WeightForm[] = [
  {
    whole: 'model.safetensors',
    index: 'model.safetensors.index.json',
    part: /^[\w.-]+\.safetensors$/,
    parse: parseSafetensors,
  },
  {
    whole: 'pytorch_model.bin',
    index: 'pytorch_model.bin.index.json',
    part: /^[\w.-]+\.bin$/,
    parse: parsePytorchCheckpoint,
  },
];

/** A tensor of a checkpoint, in whichever of its files it lies. */
export interface CheckpointTensor extends TensorEntry {
  file: string;
  source: ByteSource;
}

/**
 * Reads what a checkpoint's files say of its tensors; no weight is read.
 * @returns every tensor by its name
 */
export async function readCheckpointTensors(
  folder: CheckpointFolder,
): Promise<Map<string, CheckpointTensor>> {
  for (const form of weightForms) {
    const tensors = (await readPart(folder, form, form.whole)) ?? (await readParts(folder, form));
    if (tensors !== undefined) return tensors;
  }
  const names = weightForms.flatMap(({ whole, index }) => [whole, index]);
  throw checkpointError(
    'no-model',
    sentence`folder-without-weights: The folder has none of ${{ files: names.join(', ') }}`,
  );
}

/** The files that an index lists together with it; undefined where the folder has no index of this form. */
async function readParts(
  folder: CheckpointFolder,
  form: WeightForm,
): Promise<Map<string, CheckpointTensor> | undefined> {
  const fileOf = await readWeightMap(folder, form);
  if (fileOf === undefined) return undefined;
  const tensors = new Map<string, CheckpointTensor>();
  for (const file of new Set(fileOf.values())) {
    const part = await readPart(folder, form, file);
    if (part === undefined) {
      throw checkpointError(
        'invalid-model',
        sentence`weight-file-is-missing: The file ${{ file }} is missing, which ${{ index: form.index }} lists as a part of the model`,
      );
    }
    for (const [name, tensor] of part) if (fileOf.get(name) === file) tensors.set(name, tensor);
  }
  for (const [name, file] of fileOf) {
    if (!tensors.has(name)) {
      throw checkpointError(
        'invalid-model',
        sentence`tensor-is-not-in-its-file: The tensor "${{ tensor: name }}" is not in ${{ file }}, where ${{ index: form.index }} puts it`,
      );
    }
  }
  return tensors;
}

async function readPart(
  folder: CheckpointFolder,
  form: WeightForm,
  file: string,
): Promise<Map<string, CheckpointTensor> | undefined> {
  const source = await folder.open(file);
  if (source === undefined) return undefined;
  try {
    const tensors = await form.parse(source);
    return new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, file, source }]));
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    if (error.code !== 'aborted')
      refuseStandIn(file, await source.read(0, Math.min(256, source.bytes)), source.bytes);
    throw new BedsideError(
      error.code,
      sentence`in-file: In ${{ file }}: ${{ error: error.sentence }}`,
      error.advice,
      error,
    );
  }
}

/** The file of each tensor by a form's index; undefined where the folder has none. */
export async function readWeightMap(
  folder: CheckpointFolder,
  { index, part }: WeightForm,
): Promise<Map<string, string> | undefined> {
  const settings = await readOptionalJson(folder, index);
  if (settings === undefined) return undefined;
  const { weight_map: value } = settings;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0)
    throw checkpointError('invalid-model', sentence`index-lists-no-tensors: ${{ index }} lists no tensors`);
  for (const [name, file] of entries) {
    if (typeof file !== 'string' || !part.test(file)) {
      throw checkpointError(
        'invalid-model',
        sentence`index-names-no-file: ${{ index }} names no usable file for the tensor "${{ tensor: name }}"`,
      );
    }
  }
  return new Map(entries as [string, string][]);
}
