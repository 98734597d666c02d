import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { placements } from '../../quant/gpu-formats.ts';
import { productBits } from '../../quant/product-bits.ts';
import { sampleNumbers } from '../../quant/sample-blocks.ts';
import type { Matrix } from '../matrix.ts';
import { linearTwin, roundedTwin, sampledTolerance } from '../twins.ts';
import type { TestBench } from './test-bench.ts';

/** A small product Y = W X, with the answer of the twin. */
export interface ProductProblem {
  matrix: Matrix;
  /** [rows, columns] */
  weights: Float32Array;
  rows: number;
  columns: number;
  /** By default two vectors more than a matrix-vector product takes. */
  tokens: number;
  /** [tokens, columns] */
  x: Float32Array<ArrayBuffer>;
  /** [tokens, rows], twice over: stored, then added once more. */
  twice: Float64Array;
  tolerance: number;
}

/** The twin reads activations that are rounded as the device's are, and is as strict as without that. */
export async function prepareProduct(
  bench: TestBench,
  type: GgmlTypeName,
  kernel: 'matvec' | 'matmul' = 'matvec',
  tokens = 3,
  // Long enough that every lane of a workgroup has something to add.
  [rows, columns]: readonly [number, number] = [9, 2048],
): Promise<ProductProblem> {
  const { matrix, weights } = await bench.matrix(type, rows, columns);
  const x = sampleNumbers(tokens * columns, 2);
  const bits = productBits(placements[type]!.format.name, kernel, bench.device.activationBits);
  const read = roundedTwin(x, bits);
  return {
    matrix,
    weights,
    rows,
    columns,
    tokens,
    x,
    twice: linearTwin(weights, read, rows, columns).map(value => 2 * value),
    tolerance: 2 * sampledTolerance(weights, x, columns),
  };
}
