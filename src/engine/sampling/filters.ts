/** Token ids with their logits, the most likely first, ties with the lowest id first. */
export interface Ranking {
  ids: Uint32Array;
  logits: Float32Array;
}

/** The `count` most likely tokens. O(n log count), without sorting the rest. `ids` names them when not 0, 1, 2... */
export function rankTop(logits: Float32Array, count: number, ids?: ArrayLike<number>): Ranking {
  const idAt = (position: number) => (ids === undefined ? position : ids[position]!);
  const isBetter = (a: number, b: number) => {
    const difference = logits[a]! - logits[b]!;
    return difference > 0 || (difference === 0 && idAt(a) < idAt(b));
  };
  // A heap of positions with the worst on top: most tokens are turned away by one comparison.
  const heap: number[] = [];
  for (let position = 0; position < logits.length; position++) {
    if (heap.length < count) {
      let hole = heap.push(position) - 1;
      while (hole > 0) {
        const parent = (hole - 1) >> 1;
        if (!isBetter(heap[parent]!, position)) break;
        heap[hole] = heap[parent]!;
        hole = parent;
      }
      heap[hole] = position;
    } else if (count > 0 && isBetter(position, heap[0]!)) {
      sinkFromTop(heap, position, isBetter);
    }
  }
  heap.sort((a, b) => (isBetter(a, b) ? -1 : 1));
  return {
    ids: Uint32Array.from(heap, idAt),
    logits: Float32Array.from(heap, position => logits[position]!),
  };
}

function sinkFromTop(heap: number[], value: number, isBetter: (a: number, b: number) => boolean): void {
  let hole = 0;
  for (;;) {
    let child = 2 * hole + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBetter(heap[child]!, heap[child + 1]!)) child++;
    if (!isBetter(value, heap[child]!)) break;
    heap[hole] = heap[child]!;
    hole = child;
  }
  heap[hole] = value;
}

/** Probabilities up to a common factor: exp((logit - maximum) / temperature), so that the best weighs 1. f64. */
export function weigh(logits: Float32Array, maximum: number, temperature: number): Float64Array {
  const weights = new Float64Array(logits.length);
  for (let index = 0; index < logits.length; index++) {
    weights[index] = Math.exp((logits[index]! - maximum) / temperature);
  }
  return weights;
}

export function sum(weights: Float64Array): number {
  let total = 0;
  for (const weight of weights) total += weight;
  return total;
}

/**
 * Top-p, nucleus sampling (Holtzman et al. 2020): zeroes every weight before which the weights already reach the
 * share `topP` of `total`. `weights` fall; the first always stays. Returns whether the nucleus ends among them, as
 * opposed to perhaps going on behind a cut-off ranking.
 */
export function filterTopP(weights: Float64Array, topP: number, total: number): boolean {
  let before = 0;
  for (let rank = 0; rank < weights.length; rank++) {
    if (rank > 0 && before >= topP * total) {
      weights.fill(0, rank);
      return true;
    }
    before += weights[rank]!;
  }
  return before >= topP * total;
}

/** Min-p: zeroes every weight below the share `minP` of the greatest, which is 1. */
export function filterMinP(weights: Float64Array, minP: number): void {
  for (let rank = 0; rank < weights.length; rank++) if (weights[rank]! < minP) weights[rank] = 0;
}
