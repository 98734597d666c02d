import { BedsideError } from '../errors.ts';
import type { ByteSource } from '../formats/byte-source.ts';
import { parseSafetensors, type SafetensorsTensor } from '../formats/safetensors.ts';
import { checkpointError } from './checkpoint-error.ts';
import { type CheckpointFolder, readOptionalJson } from './checkpoint-folder.ts';

const wholeFile = 'model.safetensors';
const indexFile = 'model.safetensors.index.json';
const pytorchFiles = ['pytorch_model.bin', 'pytorch_model.bin.index.json'];

/** A tensor of a checkpoint, in whichever of its files it lies. */
export interface CheckpointTensor extends SafetensorsTensor {
  file: string;
  source: ByteSource;
}

/**
 * Reads the headers of a checkpoint: `model.safetensors`, or the files that `model.safetensors.index.json` lists.
 * @returns every tensor by its name
 */
export async function readCheckpointTensors(
  folder: CheckpointFolder,
): Promise<Map<string, CheckpointTensor>> {
  const whole = await readShard(folder, wholeFile);
  if (whole !== undefined) return whole;
  const index = await readOptionalJson(folder, indexFile);
  if (index === undefined) throw await noWeightsError(folder);

  const fileOf = readWeightMap(index.weight_map);
  const tensors = new Map<string, CheckpointTensor>();
  for (const file of new Set(fileOf.values())) {
    const shard = await readShard(folder, file);
    if (shard === undefined) {
      throw checkpointError(
        'invalid-model',
        `The file ${file} is missing, which ${indexFile} lists as a part of the model`,
      );
    }
    for (const [name, tensor] of shard) if (fileOf.get(name) === file) tensors.set(name, tensor);
  }
  for (const [name, file] of fileOf) {
    if (!tensors.has(name)) {
      throw checkpointError(
        'invalid-model',
        `The tensor "${name}" is not in ${file}, where ${indexFile} puts it`,
      );
    }
  }
  return tensors;
}

async function readShard(
  folder: CheckpointFolder,
  file: string,
): Promise<Map<string, CheckpointTensor> | undefined> {
  const source = await folder.open(file);
  if (source === undefined) return undefined;
  try {
    const tensors = await parseSafetensors(source);
    return new Map([...tensors].map(([name, tensor]) => [name, { ...tensor, file, source }]));
  } catch (error) {
    if (!(error instanceof BedsideError)) throw error;
    throw new BedsideError(error.code, `In ${file}: ${error.message}`, error.advice, error);
  }
}

function readWeightMap(value: unknown): Map<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  if (entries.length === 0) throw checkpointError('invalid-model', `${indexFile} lists no tensors`);
  for (const [name, file] of entries) {
    // A name with a path in it could lead out of the folder.
    if (typeof file !== 'string' || !/^[\w.-]+\.safetensors$/.test(file)) {
      throw checkpointError('invalid-model', `${indexFile} names no usable file for the tensor "${name}"`);
    }
  }
  return new Map(entries as [string, string][]);
}

async function noWeightsError(folder: CheckpointFolder): Promise<BedsideError> {
  for (const name of pytorchFiles) {
    if ((await folder.open(name)) !== undefined) {
      return checkpointError(
        'unsupported-model',
        'This folder holds PyTorch weights (.bin), which cannot be read',
        'Get the copy of the model that comes as .safetensors files.',
      );
    }
  }
  return checkpointError('no-model', `The folder has neither ${wholeFile} nor ${indexFile}`);
}
