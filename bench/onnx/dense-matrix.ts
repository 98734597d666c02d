export interface DenseMatrix {
  rows: number;
  columns: number;
  /** Row by row. */
  weights: Float32Array;
}

/** Each run of `from` rows or columns becomes `to` long, with zeros at its end. */
export interface Padding {
  of: 'rows' | 'columns';
  from: number;
  to: number;
}

export function padMatrix(matrix: DenseMatrix, padding: Padding | undefined): DenseMatrix {
  if (!padding) return matrix;
  const { of, from, to } = padding;
  const place = (index: number) => Math.floor(index / from) * to + (index % from);
  const longer = (length: number) => (length / from) * to;
  const rows = of === 'rows' ? longer(matrix.rows) : matrix.rows;
  const columns = of === 'columns' ? longer(matrix.columns) : matrix.columns;
  const weights = new Float32Array(rows * columns);
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = 0; column < matrix.columns; column++) {
      const toRow = of === 'rows' ? place(row) : row;
      const toColumn = of === 'columns' ? place(column) : column;
      weights[toRow * columns + toColumn] = matrix.weights[row * matrix.columns + column]!;
    }
  }
  return { rows, columns, weights };
}

/** [columns, rows of all of them]: what a product from the left wants. */
export function stackTransposed(matrices: readonly DenseMatrix[]): Float32Array<ArrayBuffer> {
  const { columns } = matrices[0]!;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const out = new Float32Array(columns * rows);
  let first = 0;
  for (const { rows: height, weights } of matrices) {
    for (let row = 0; row < height; row++) {
      for (let k = 0; k < columns; k++) out[k * rows + first + row] = weights[row * columns + k]!;
    }
    first += height;
  }
  return out;
}
