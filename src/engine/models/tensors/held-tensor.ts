import type { GgufTensor } from '../../formats/gguf.ts';

/** A tensor of a file as a graph holds it on the device: some rows of it, perhaps in another order or multiplied. */
export interface HeldTensor extends GgufTensor {
  /** Rows of a matrix, or numbers of a vector, whose order changes within each head. */
  heads?: HeadOrder | undefined;
  /** A factor for every number of a vector. */
  times?: number | undefined;
}

/** Of every `rows`, the first `rotating` come as halves (i, i + rotating / 2) and are wanted as neighbours (2i, 2i + 1). */
export interface HeadOrder {
  rows: number;
  rotating: number;
}

/** Rows `first` to `first + count` of a matrix, as a tensor of its own. */
export function rowsOfTensor(tensor: GgufTensor, name: string, first: number, count: number): HeldTensor {
  const [columns, rows] = tensor.shape;
  const rowBytes = tensor.bytes / rows!;
  return {
    ...tensor,
    name,
    shape: [columns!, count],
    elements: columns! * count,
    offset: tensor.offset + first * rowBytes,
    bytes: count * rowBytes,
  };
}

/** Changes the order of whole heads in place. `bytes`: of rows of `rowBytes` each. */
export function orderHeads(bytes: Uint8Array, rowBytes: number, { rows, rotating }: HeadOrder): void {
  const half = rotating / 2;
  for (let head = 0; head < bytes.length; head += rows * rowBytes) {
    const halves = bytes.slice(head, head + rotating * rowBytes);
    for (let row = 0; row < rotating; row++) {
      const from = ((row >> 1) + (row & 1) * half) * rowBytes;
      bytes.set(halves.subarray(from, from + rowBytes), head + row * rowBytes);
    }
  }
}
