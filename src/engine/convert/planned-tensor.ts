import type { RowRun } from '../families/family.ts';
import { blockFormatOf, GgmlType } from '../quant/block-formats.ts';
import { sentence } from '../sentence.ts';
import { checkpointError } from './checkpoint-error.ts';
import type { CheckpointTensor } from './checkpoint-tensors.ts';
import type { WrittenType } from './choose-type.ts';

/** A tensor of the GGUF file and where its weights come from. */
export interface PlannedTensor {
  name: string;
  type: WrittenType;
  /** ggml order: the contiguous dimension first. */
  shape: number[];
  source: CheckpointTensor;
  /** Weights of one row of the source, as `runs` counts them. */
  columns: number;
  /** The rows of the source that make up this tensor, in its order. */
  runs: RowRun[];
  /** Added to each weight, which then is multiplied. */
  plus?: number;
  times?: number;
}

/** Takes tensors out of a checkpoint by name, each checked against the shape that the configuration implies. */
export class TensorPicker {
  readonly #tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly #taken = new Set<string>();

  constructor(tensors: ReadonlyMap<string, CheckpointTensor>) {
    this.#tensors = tensors;
  }

  /** @param shape PyTorch order */
  take(name: string, shape: readonly number[]): CheckpointTensor {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined)
      throw checkpointError(
        'invalid-model',
        sentence`tensor-is-missing: The tensor "${{ tensor: name }}" is missing`,
      );
    if (tensor.shape.length !== shape.length || shape.some((size, i) => size !== tensor.shape[i])) {
      throw checkpointError(
        'invalid-model',
        sentence`tensor-of-shape-unlike-config: The tensor "${{ tensor: name }}" in ${{ file: tensor.file }} has the shape ${{ shape: tensor.shape.join(' x ') }}; by config.json it should be ${{ expected: shape.join(' x ') }}`,
      );
    }
    if (!['F32', 'F16', 'BF16'].includes(tensor.dtype)) {
      throw checkpointError(
        'unsupported-model',
        sentence`tensor-of-unknown-dtype: The tensor "${{ tensor: name }}" in ${{ file: tensor.file }} is stored as ${{ type: tensor.dtype }}`,
        'Get the copy of the model in BF16, F16 or F32; quantised copies (AWQ, GPTQ, FP8) cannot be converted.',
      );
    }
    this.#taken.add(name);
    return tensor;
  }

  /** Refuses a checkpoint with tensors that no one took: biases or adapters left out would change the answers. */
  refuseLeftOver(isExpected: (name: string) => boolean): void {
    for (const [name, { file }] of this.#tensors) {
      if (this.#taken.has(name) || isExpected(name)) continue;
      throw checkpointError(
        'unsupported-model',
        sentence`tensor-of-another-kind-of-model: The tensor "${{ tensor: name }}" in ${{ file }} does not belong to a model of this kind`,
      );
    }
  }
}

/** A whole tensor as a vector of F32: (each number + plus) * times. */
export function planVector(
  name: string,
  source: CheckpointTensor,
  { plus = 0, times = 1 }: { plus?: number; times?: number } = {},
): PlannedTensor {
  const elements = source.shape.reduce((product, size) => product * size, 1);
  const runs = [{ start: 0, count: 1 }];
  return { name, type: 'F32', shape: [elements], source, columns: elements, runs, plus, times };
}

/** A matrix [rows, columns], or the rows of it that `runs` names. `type`: one of whose blocks a row is a whole number. */
export function planMatrix(
  name: string,
  source: CheckpointTensor,
  type: WrittenType,
  runs: RowRun[] = [{ start: 0, count: source.shape[0]! }],
): PlannedTensor {
  const columns = source.shape[1]!;
  const rows = runs.reduce((sum, run) => sum + run.count, 0);
  return { name, type, shape: [columns, rows], source, columns, runs };
}

export function plannedBytes({ type, shape }: PlannedTensor): number {
  const { blockElements, blockBytes } = blockFormatOf(GgmlType[type]);
  return (shape.reduce((product, size) => product * size, 1) / blockElements) * blockBytes;
}
