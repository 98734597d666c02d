import type { GgmlTypeName } from '../../quant/block-formats.ts';
import { sampleNumbers } from '../../quant/sample-blocks.ts';
import type { Matrix } from '../matrix.ts';
import { linearTwin, sampledTolerance } from '../twins.ts';
import type { TestBench } from './test-bench.ts';

/** A small product Y = W X, with the answer of the twin. */
export interface ProductProblem {
  matrix: Matrix;
  /** [rows, columns] */
  weights: Float32Array;
  rows: number;
  columns: number;
  /** Two vectors more than a matrix-vector product takes. */
  tokens: number;
  /** [tokens, columns] */
  x: Float32Array<ArrayBuffer>;
  /** [tokens, rows], twice over: stored, then added once more. */
  twice: Float64Array;
  tolerance: number;
}

export async function prepareProduct(bench: TestBench, type: GgmlTypeName): Promise<ProductProblem> {
  // Long enough that every lane of a workgroup has something to add.
  const [rows, columns, tokens] = [9, 2048, 3];
  const { matrix, weights } = await bench.matrix(type, rows, columns);
  const x = sampleNumbers(tokens * columns, 2);
  return {
    matrix,
    weights,
    rows,
    columns,
    tokens,
    x,
    twice: linearTwin(weights, x, rows, columns).map(value => 2 * value),
    tolerance: 2 * sampledTolerance(weights, x, columns),
  };
}
